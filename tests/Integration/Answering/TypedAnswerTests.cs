using System.Text.Json;
using System.Text.Json.Serialization;
using RedisInfer.Errors;
using RedisInfer.Tests.Integration.Hosting;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Inference;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Typed answers through the front door. One model has random weights, the other writes the beginning of its chat template.</summary>
public sealed partial class TypedAnswerTests(GarnetFixture server) : IClassFixture<GarnetFixture>
{
    private const string Json = """{"text":"30 days [1]","days":30,"citations":[2]}""";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AModelWithRandomWeightsAnswersWithAValueOfEveryKind()
    {
        await using RagRuntime runtime = await StartAsync(TestModels.Text, engine: null);
        var request = new RagRequest("How long are backups kept?") { MaxOutputTokens = 600, Sampling = new SamplingOptions { Temperature = 1.5f, Seed = 3 } };

        RagAnswer<Everything> answer = await runtime.Generator.GenerateAsync<Everything>(request, cancellationToken: TestEnds);
        RagAnswer<Everything> again = await runtime.Generator.GenerateAsync(request, Everythings.Default.Everything, TestEnds);

        Assert.True(answer.HasValue, answer.Answer.Text);
        Assert.True(Enum.IsDefined(answer.Value.Color));
        Assert.NotNull(answer.Value.Inner);
        Assert.StartsWith("""{"Name":""", again.Answer.Text, StringComparison.Ordinal);
        Assert.Equal(again.Value.Name, JsonSerializer.Deserialize(again.Answer.Text, Everythings.Default.Everything)!.Name);
    }

    [Fact]
    public async Task AValueComesWithItsTextAndItsCitations()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo(Json));

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(new RagRequest("How long are backups kept?"), cancellationToken: TestEnds);

        Assert.Equal(("30 days [1]", 30), (answer.Value.Text, answer.Value.Days));
        Assert.Equal(Json, answer.Answer.Text);
        Assert.Equal(["backup.md", "logs.md"], answer.Citations.Select(citation => citation.Path));
    }

    [Fact]
    public async Task AnAnswerIsStreamedAsItIsWritten()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo(Json));
        using var schema = JsonDocument.Parse("""{"type":"object","required":["text","days","citations"]}""");

        List<RagUpdate> updates = await runtime.Generator
            .GenerateStreamingAsync(new RagRequest("How long?") { ResponseFormat = RagResponseFormat.JsonSchema(schema.RootElement) }, TestEnds).ToListAsync(TestEnds);

        Assert.Equal(Json, string.Concat(updates.Select(update => update.Text)));
        Assert.True(updates.Count > 10);
    }

    [Fact]
    public async Task ThoughtsComeBeforeTheAnswerAndAreFree()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo("<think>\nNot JSON: {]. Passage [1] says it.\n</think>\n\n" + Json), think: true);

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(new RagRequest("How long?"), cancellationToken: TestEnds);

        Assert.Equal("Not JSON: {]. Passage [1] says it.", answer.Answer.Reasoning);
        Assert.Equal(Json, answer.Answer.Text);
        Assert.Equal(30, answer.Value.Days);
    }

    [Fact]
    public async Task AThoughtThatWouldLeaveNoRoomIsEnded()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo("<think>" + new string('x', 500)), think: true);

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(
            new RagRequest("How long?") { MaxOutputTokens = 150 }, cancellationToken: TestEnds);

        Assert.StartsWith("xxx", answer.Answer.Reasoning, StringComparison.Ordinal);
        Assert.True(answer.HasValue, answer.Answer.Text);
    }

    [Fact]
    public async Task AModelThatWouldWriteProseIsHeldToTheSchema()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo("Backups are kept for 30 days. I hope that helps! What else can I do for you?"));

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(
            new RagRequest("How long?") { MaxOutputTokens = 100 }, cancellationToken: TestEnds);

        Assert.True(answer.HasValue, answer.Answer.Text);
    }

    [Fact]
    public async Task AnAnswerThatRunsOutOfTokensIsCompleteAndSaysSo()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo($$"""{"text":"{{new string('x', 300)}}","days":30,"citations":[2]}"""));

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(
            new RagRequest("How long?") { MaxOutputTokens = 100 }, cancellationToken: TestEnds);

        Assert.Equal(RagFinishReason.Length, answer.Answer.FinishReason);
        Assert.StartsWith("xxxxxxxxxx", answer.Value.Text, StringComparison.Ordinal);
        Assert.InRange(answer.Answer.Usage.GeneratedTokens, 90, 100);
    }

    [Fact]
    public async Task WithoutPassagesThereIsNoValue()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo(Json));

        RagAnswer<Period> answer = await runtime.Generator.GenerateAsync<Period>(
            new RagRequest("Xylophone zither?") { MinScore = 1 }, cancellationToken: TestEnds);

        Assert.False(answer.HasValue);
        Assert.Equal(RagFinishReason.NoContext, answer.Answer.FinishReason);
        Assert.Contains("NoContext", Assert.Throws<InvalidOperationException>(() => answer.Value).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooFewTokensAreRefusedBeforeTheModelBegins()
    {
        await using RagRuntime runtime = await StartAsync(TestModels.Text, engine: null);

        RedisInferException refused = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Generator.GenerateAsync<Period>(
            new RagRequest("How long are backups kept?") { MaxOutputTokens = 4 }, cancellationToken: TestEnds));

        Assert.Equal(RedisInferErrorCode.ContextTooLong, refused.Code);
        Assert.Contains("MaxOutputTokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatContradictsTheFormatIsRefused()
    {
        await using RagRuntime runtime = await StartAsync("echo", Echo(Json));

        Task Ask(RagRequest request) => runtime.Generator.GenerateAsync<Period>(request, cancellationToken: TestEnds);
        using var any = JsonDocument.Parse("true");

        await Assert.ThrowsAsync<ArgumentException>(() => Ask(new RagRequest("How long?") { StopSequences = ["\n"] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Ask(new RagRequest("How long?") { ResponseFormat = RagResponseFormat.JsonSchema(any.RootElement) }));
        ArgumentException keys = await Assert.ThrowsAsync<ArgumentException>(
            () => runtime.Generator.GenerateAsync<Dictionary<int, string>>(new RagRequest("How long?"), cancellationToken: TestEnds));
        Assert.Contains("string keys", keys.Message, StringComparison.Ordinal);
    }

    private static EchoEngine Echo(string output) => new($"{output}{(char)CharTokenizer.EndOfText}{{{{ messages[-1].content }}}}{EchoModel.EndOfPrompt}");

    private async Task<RagRuntime> StartAsync(string model, EchoEngine? engine, bool think = false)
    {
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = model,
                Corpus = ServerFixture.UniqueName(),
                SystemPrompt = "",
                Engine = { EnableThinking = think },
                Capacity = { ContextSize = 8192, MaxConcurrentRequests = 1 },
            },
            new RagComponents { Connection = server.Connection, InferenceEngine = engine });
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(
            new RagDocument[] { new("backup.md", "Backups are kept for 30 days. How long?\n"), new("logs.md", "Logs are kept for 7 days. How long?\n") }.ToAsyncEnumerable(),
            TestEnds))
        {
        }

        return runtime;
    }

    public sealed record Period(string Text, int Days, int[] Citations);

    public sealed record Everything
    {
        public string Name { get; init; } = "";

        public int Count { get; init; }

        public byte Small { get; init; }

        public double? Share { get; init; }

        public bool IsTrue { get; init; }

        public Color Color { get; init; }

        public DateTimeOffset At { get; init; }

        public DateOnly Day { get; init; }

        public TimeSpan Span { get; init; }

        public TimeOnly Clock { get; init; }

        public Guid Id { get; init; }

        public Uri Site { get; init; } = null!;

        public char Letter { get; init; }

        public byte[] Bytes { get; init; } = [];

        public Inner Inner { get; init; } = null!;
    }

    public sealed record Inner(IReadOnlyList<Color> Colors, Dictionary<string, short> Numbers, Inner? Next);

    public enum Color
    {
        Red,
        Green,
        Blue = 7,
    }

    [JsonSerializable(typeof(Everything))]
    private sealed partial class Everythings : JsonSerializerContext;
}
