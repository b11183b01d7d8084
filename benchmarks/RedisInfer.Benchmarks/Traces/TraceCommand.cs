using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Traces;

/// <summary>Indexes the demo's handbook, asks a question, and draws the spans of both.</summary>
internal static class TraceCommand
{
    private const string Question = "How early must dangerous goods be declared?";
    private const int MaxIndexSpans = 12;

    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "The picture.", DefaultValueFactory = _ => Path.Combine(Repository.Root, "docs", "trace.svg") };
        var command = new Command("trace", "Draws the spans of indexing and asking, as they come out of a real run.") { output };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(output)!, cancellationToken));
        return command;
    }

    private static async Task RunAsync(string output, CancellationToken cancellationToken)
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RagTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
                EmbeddingModelPath = Path.Combine(Repository.Root, "artifacts", "models", "all-MiniLM-L6-v2-q8_0.gguf"),
                Corpus = "trace",
            },
            new RagComponents { Connection = server });
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        await foreach (IndexedDocument _ in runtime.Index.SyncDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: cancellationToken))
        {
        }

        await runtime.Generator.GenerateAsync(new RagRequest(Question), cancellationToken);
        Activity[] index = [.. Tree(spans, "index").Take(MaxIndexSpans + 1)];
        await File.WriteAllTextAsync(output, TracePicture.Draw([.. Tree(spans, "ask"), .. index]), cancellationToken);
        var figures = new Figures();
        figures.Add("trace_spans", spans.Count);
        figures.Print();
    }

    private static IEnumerable<Activity> Tree(IEnumerable<Activity> spans, string name)
    {
        Activity top = spans.Single(span => span.OperationName == name);
        return spans.Where(span => span.ParentSpanId == top.SpanId).OrderBy(span => span.StartTimeUtc).Prepend(top);
    }
}
