using System.Collections.Concurrent;
using System.Diagnostics;
using RedisInfer.Tests.Integration.Hosting;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Telemetry;

/// <summary>The spans that a listener gets of real runs.</summary>
public sealed class TraceTests(GarnetFixture server) : IClassFixture<GarnetFixture>
{
    private const string Question = "How long are backups kept by the night watch?";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AQuestionHasSpansOfItsPhasesBelowIt()
    {
        await using RagRuntime runtime = await StartAsync();
        using var heard = new Heard();

        RagAnswer answer = await heard.RunAsync(() => runtime.Generator.GenerateAsync(new RagRequest(Question) { MaxOutputTokens = 8 }, TestEnds));

        Activity ask = heard.One("ask");
        Assert.Equal(heard.Root.SpanId, ask.ParentSpanId);
        Assert.Equal(["decode", "prefill", "queue", "restore", "search"], heard.Below(ask).Select(span => span.OperationName).Order());
        Assert.All(heard.Below(ask), span => Assert.True(span.StartTimeUtc >= ask.StartTimeUtc - TimeSpan.FromMilliseconds(20), span.OperationName));
        Assert.True(heard.One("prefill").StartTimeUtc + heard.One("prefill").Duration <= heard.One("decode").StartTimeUtc + TimeSpan.FromMilliseconds(1));
        Assert.Equal("chat", ask.GetTagItem("gen_ai.operation.name"));
        Assert.Equal(answer.Usage.PromptTokens, ask.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(answer.Usage.GeneratedTokens, ask.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(["length"], Assert.IsType<string[]>(ask.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.NotNull(ask.GetTagItem("gen_ai.request.model"));
        Assert.Equal(1, heard.One("search").GetTagItem("redisinfer.passages"));
    }

    [Fact]
    public async Task IndexingHasSpansOfReadingEmbeddingAndWriting()
    {
        using var heard = new Heard();

        await using RagRuntime runtime = await heard.RunAsync(() => StartAsync(TestModels.BertEmbedding));

        Activity index = heard.One("index");
        Assert.Equal(["embed", "read", "read", "write"], heard.Below(index).Select(span => span.OperationName).Order());
        Assert.Equal("embeddings", heard.One("embed").GetTagItem("gen_ai.operation.name"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TextsAreInSpansOnlyIfTheHostSaysSo(bool recordTexts)
    {
        await using RagRuntime runtime = await StartAsync(recordTexts: recordTexts);
        using var heard = new Heard();

        await heard.RunAsync(() => runtime.Generator.GenerateAsync(new RagRequest(Question) { MaxOutputTokens = 8 }, TestEnds));

        string all = string.Concat(heard.Spans.SelectMany(span => span.TagObjects).Select(tag => tag.Value));
        Assert.Equal(recordTexts, all.Contains("night watch", StringComparison.Ordinal));
        Assert.DoesNotContain("backups.md", all, StringComparison.Ordinal);
        Assert.Equal(recordTexts, heard.One("ask").GetTagItem("gen_ai.output.messages") is string messages && messages.Contains("\"finish_reason\":\"length\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFailedQuestionIsAFailedSpan()
    {
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = "echo", Corpus = ServerFixture.UniqueName() },
            new RagComponents { Connection = server.Connection, InferenceEngine = new EchoEngine { ContextError = new InvalidOperationException("no context for " + Question) } });
        using var heard = new Heard();

        await heard.RunAsync(() => Assert.ThrowsAsync<InvalidOperationException>(() => runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds)));

        Activity ask = heard.One("ask");
        Assert.Equal(ActivityStatusCode.Error, ask.Status);
        Assert.Equal(typeof(InvalidOperationException).FullName, ask.GetTagItem("error.type"));
        Assert.Null(ask.StatusDescription);
    }

    [Fact]
    public async Task TheCallersOwnSpanIsNotChanged()
    {
        await using RagRuntime runtime = await StartAsync();
        using var heard = new Heard();

        await heard.RunAsync(async () =>
        {
            await foreach (RagUpdate _ in runtime.Generator.GenerateStreamingAsync(new RagRequest(Question) { MaxOutputTokens = 4 }, TestEnds))
            {
                Assert.Same(heard.Root, Activity.Current);
            }

            return 0;
        });
    }

    private async Task<RagRuntime> StartAsync(string? embeddingModel = null, bool recordTexts = false)
    {
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = TestModels.Text,
                EmbeddingModelPath = embeddingModel,
                Corpus = ServerFixture.UniqueName(),
                Engine = { Threads = 1 },
                Telemetry = { RecordTexts = recordTexts },
            },
            new RagComponents { Connection = server.Connection });
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(
            new RagDocument[] { new("backups.md", "Backups are kept for 90 days by the night watch.") }.ToAsyncEnumerable(), TestEnds))
        {
        }

        return runtime;
    }

    /// <summary>Hears the spans below one of its own, so that tests that run at the same time do not disturb.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public Heard()
        {
            Root = new Activity("test");
            Root.SetIdFormat(ActivityIdFormat.W3C);
            Root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == RagTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity Root { get; }

        public IEnumerable<Activity> Spans => _spans.Where(span => span.TraceId == Root.TraceId);

        public Activity One(string name) => Assert.Single(Spans, span => span.OperationName == name);

        public IEnumerable<Activity> Below(Activity parent) => Spans.Where(span => span.ParentSpanId == parent.SpanId);

        public async Task<T> RunAsync<T>(Func<Task<T>> run)
        {
            Root.Start();
            try
            {
                return await run();
            }
            finally
            {
                Root.Stop();
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
