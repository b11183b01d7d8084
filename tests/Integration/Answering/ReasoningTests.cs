using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Tests.Integration.Hosting;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Thoughts through the front door. The model's output is the beginning of its chat template, up to a token that ends it.</summary>
public sealed class ReasoningTests
{
    private const string Thought = "Passage [2] speaks of logs, [1] of backups.";
    private const string Answer = "Backups are kept for 30 days [1].";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<think>\n" + Thought + "\n</think>\n\n" + Answer)]
    [InlineData("[THINK]" + Thought + "[/THINK]" + Answer)]
    public async Task ThoughtsAreApartAndCiteNothing(string output)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RagRuntime runtime = await StartAsync(server, output);

        List<RagUpdate> updates = await runtime.Generator.GenerateStreamingAsync(new RagRequest("How long are backups kept?"), TestEnds).ToListAsync(TestEnds);
        RagAnswer answer = Assert.Single(updates, update => update.Answer is not null).Answer!;

        Assert.Equal(Answer, answer.Text);
        Assert.Equal(Thought, answer.Reasoning);
        Assert.Equal("backup.md", Assert.Single(answer.Citations).Path);
        Assert.Equal(RagFinishReason.Stop, answer.FinishReason);
        Assert.Equal(Answer, string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(Thought, string.Concat(updates.Select(update => update.Reasoning)).Trim());
        Assert.InRange(answer.Usage.ReasoningTokens, Thought.Length, output.Length - Answer.Length);
    }

    [Fact]
    public async Task AnswerThatIsCutWithinAThoughtSaysSo()
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RagRuntime runtime = await StartAsync(server, "<think>\n" + Thought + "\n</think>\n\n" + Answer);

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("How long are backups kept?") { MaxOutputTokens = 20 }, TestEnds);

        Assert.Equal(RagFinishReason.Reasoning, answer.FinishReason);
        Assert.Equal(("", "Passage [2]"), (answer.Text, answer.Reasoning[..11]));
        Assert.Empty(answer.Citations);
    }

    [Fact]
    public async Task ThoughtThatTakesTooLongIsEndedAndTheAnswerBegins()
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RagRuntime runtime = await StartAsync(server, "<think>abcdefghijklmnopqrstuvwxyz");

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("How long are backups kept?") { MaxReasoningTokens = 5 }, TestEnds);

        // The end of the mark and four letters; the model's next tokens are those after the eleven of the end.
        Assert.Equal(("abcd", "pqrstuvwxyz"), (answer.Reasoning, answer.Text));
        Assert.Equal(RagFinishReason.Stop, answer.FinishReason);
    }

    [Theory]
    [InlineData("{{ messages.x.y }}")]
    [InlineData("{% for %}")]
    public async Task ModelWhoseTemplateFailsIsRefusedBeforeAnythingIsIndexed(string template)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = "echo" }, new RagComponents { Connection = server, InferenceEngine = new EchoEngine(template) });

        RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => IndexAsync(runtime));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains("Line 1", thrown.Message, StringComparison.Ordinal);
    }

    private static async Task<RagRuntime> StartAsync(EmbeddedGarnetServer server, string output)
    {
        string template = $"{output}{(char)CharTokenizer.EndOfText}{{{{ messages[-1].content }}}}{EchoModel.EndOfPrompt}";
        var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = "echo", SystemPrompt = "", Capacity = { ContextSize = 8192, MaxConcurrentRequests = 1 } },
            new RagComponents { Connection = server, InferenceEngine = new EchoEngine(template) });
        await IndexAsync(runtime);
        return runtime;
    }

    private static async Task IndexAsync(RagRuntime runtime)
    {
        RagDocument[] documents = [new("backup.md", "Backups are kept for 30 days.\n"), new("logs.md", "Logs are kept for 7 days.\n")];
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken: TestEnds))
        {
        }
    }
}
