using RedisInfer.Errors;

namespace RedisInfer.Tests.Unit.Retrieval;

/// <summary>Requests that are too large are refused before anything is loaded or connected: there is no model and no server here.</summary>
public sealed class RequestLimitTests : IAsyncDisposable
{
    private readonly RagRuntime _runtime = new(
        new RedisInferOptions { ModelPath = "none.gguf", Redis = "localhost:1", Capacity = { ContextSize = 1000 } });

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task QuestionThatNoContextCanHoldIsRefusedAtOnce()
    {
        string question = new('a', 16_001);

        RedisInferException[] refused =
        [
            await Assert.ThrowsAsync<RedisInferException>(() => _runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds)),
            await Assert.ThrowsAsync<RedisInferException>(() => _runtime.Index.SearchAsync(new RagRequest(question), TestEnds)),
            await Assert.ThrowsAsync<RedisInferException>(
                () => _runtime.IndependentPassages.EvaluateAsync([question], cancellationToken: TestEnds)),
        ];

        Assert.All(refused, e => Assert.Equal(RedisInferErrorCode.ContextTooLong, e.Code));
        Assert.All(refused, e => Assert.Contains("16001 characters. The limit is 16000", e.Message, StringComparison.Ordinal));
        RedisInferException accepted =
            await Assert.ThrowsAsync<RedisInferException>(() => _runtime.Index.SearchAsync(new RagRequest(question[1..]), TestEnds));
        Assert.NotEqual(RedisInferErrorCode.ContextTooLong, accepted.Code);
    }

    [Fact]
    public async Task StopSequencesAreFewAndShort()
    {
        await IsRefusedAsync(
            "StopSequences has 33 entries: use at most 32",
            new RagRequest("a") { StopSequences = [.. Enumerable.Range(0, 33).Select(i => $"{i}.")] });
        await IsRefusedAsync(
            "257 characters: use at most 256", new RagRequest("a") { StopSequences = ["stop", new string('s', 257)] });
    }

    [Fact]
    public Task NameOfACallerIsShort() =>
        IsRefusedAsync("1025 characters: use at most 1024", new RagRequest("a") { Caller = new string('c', 1025) });

    [Fact]
    public async Task TurnsOfAConversationAreFewShortAndComplete()
    {
        RagTurn turn = new("q", "a");
        await IsRefusedAsync("History has 101 turns: give the last 100", Ask([.. Enumerable.Repeat(turn, 101)]));
        await IsRefusedAsync("Turn 2 of History is null", Ask([turn, null!]));
        await IsRefusedAsync("Turn 2 of History has an empty question or answer", Ask([turn, new(" ", "a")]));
        await IsRefusedAsync("Turn 1 of History has an empty question or answer", Ask([new("q", "")]));
        await IsRefusedAsync("Turn 1 of History has a text of 16001 characters", Ask([new("q", new string('a', 16_001))]));
        await IsRefusedAsync("Turn 1 of History has null passages", Ask([turn with { Passages = null! }]));
        await IsRefusedAsync("Turn 1 of History has 2101 passages", Ask([turn with { Passages = [.. Enumerable.Range(1, 2101).Select(Passage)] }]));
        await IsRefusedAsync("Turn 1 of History has a passage that is null", Ask([turn with { Passages = [null!] }]));
        await IsRefusedAsync("a passage with the number 0: give the numbers", Ask([turn with { Passages = [Passage(0)] }]));
        await IsRefusedAsync("FollowUp is 7", Ask([]) with { FollowUp = (FollowUpSearch)7 });
        await IsRefusedAsync("Instructions has 16001 characters", Ask([]) with { Instructions = new string('i', 16_001) });
        await IsRefusedAsync("Instructions is null", Ask([]) with { Instructions = null! });

        static RagRequest Ask(IReadOnlyList<RagTurn> history) => new("q") { History = history };

        static RagPassage Passage(int number) =>
            new() { Number = number, Path = "a", Chunk = 0, StartLine = 1, EndLine = 1, Score = 0, Text = "t", TokenCount = 0 };
    }

    [Fact]
    public async Task LabelsOfADocumentAreFewAndShort()
    {
        string[] many = [.. Enumerable.Range(0, 257).Select(i => $"{i}")];
        await IsRefusedAsync("257 tags and 0 metadata values: use at most 256", new RagDocument("a", "b") { Tags = many });
        await IsRefusedAsync(
            "0 tags and 257 metadata values: use at most 256",
            new RagDocument("a", "b") { Metadata = many.ToDictionary(name => name, name => name) });
        await IsRefusedAsync("1025 characters: use at most 1024", new RagDocument("a", "b") { Tags = [new string('t', 1025)] });
        await IsRefusedAsync(
            "1025 characters: use at most 1024",
            new RagDocument("a", "b") { Metadata = new Dictionary<string, string> { ["name"] = new string('v', 1025) } });
    }

    [Fact]
    public async Task ConditionsOfAFilterAreFewAndShort()
    {
        string[] many = [.. Enumerable.Range(0, 257).Select(i => $"{i}")];
        await IsRefusedAsync("Paths of the filter has 257 entries: use at most 256", new RagFilter { Paths = many });
        await IsRefusedAsync("Tags of the filter has 257 entries: use at most 256", new RagFilter { Tags = many });
        await IsRefusedAsync(
            "Metadata of the filter has 257 entries: use at most 256",
            new RagFilter { Metadata = many.ToDictionary(name => name, name => name) });
        await IsRefusedAsync("1025 characters: use at most 1024", new RagFilter { Paths = [new string('p', 1025)] });
    }

    private async Task IsRefusedAsync(string because, RagDocument document)
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => _runtime.Index.AddAsync(document, TestEnds));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    private Task IsRefusedAsync(string because, RagFilter filter) => IsRefusedAsync(because, new RagRequest("a") { Filter = filter });

    private async Task IsRefusedAsync(string because, RagRequest request)
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => _runtime.Generator.GenerateAsync(request, TestEnds));
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }
}
