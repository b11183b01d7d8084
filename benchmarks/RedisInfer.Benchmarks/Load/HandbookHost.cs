using System.Diagnostics;
using RedisInfer.Garnet;
using RedisInfer.Inference;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Load;

/// <summary>A runtime over the sample's handbook on an embedded server: prompts of some 400 tokens, answers that end by themselves.</summary>
internal sealed class HandbookHost : IAsyncDisposable
{
    /// <summary>Instructions, three passages and a question: some 400 tokens.</summary>
    public const int Passages = 3;

    private readonly EmbeddedGarnetServer _server;
    private readonly RagRuntime _runtime;

    private HandbookHost(EmbeddedGarnetServer server, RagRuntime runtime)
    {
        _server = server;
        _runtime = runtime;
    }

    /// <summary>Starts it, indexes the handbook, and computes one answer, so that code is compiled and the model is in memory.</summary>
    /// <param name="modelPath">The model.</param>
    /// <param name="threads">Compute threads.</param>
    /// <param name="callers">Requests that run at once.</param>
    /// <param name="reuse">Where KV states are kept.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="engine">Runs the model; null: the default engine.</param>
    /// <param name="stateFolder">The folder of the KV states, if they are in one.</param>
    /// <param name="draftTokens">Most tokens that an answer proposes at once; null: the default.</param>
    public static async Task<HandbookHost> StartAsync(
        string modelPath,
        int threads,
        int callers,
        KvReuse reuse,
        CancellationToken cancellationToken,
        IInferenceEngine? engine = null,
        string? stateFolder = null,
        int? draftTokens = null)
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = modelPath,
                Engine = { Threads = threads, DraftTokens = draftTokens ?? new EngineOptions().DraftTokens },
                Capacity = { MaxConcurrentRequests = callers },
                Retrieval = { TopK = Passages, MinScore = -1 },
                MaxOutputTokens = 48,
                Sampling = new SamplingOptions { Temperature = 0 },
                KvCache = { Reuse = reuse, Directory = stateFolder },
            },
            new RagComponents { Connection = server, InferenceEngine = engine });
        var host = new HandbookHost(server, runtime);
        await foreach (IndexedDocument _ in runtime.Index.AddDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: cancellationToken))
        {
        }

        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        await host.AskAsync("Which ferry leaves first in the morning?", 0, Stopwatch.GetTimestamp(), cancellationToken);
        return host;
    }

    /// <summary>Asks a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="caller">Number of the caller. Callers take turns.</param>
    /// <param name="start">The timestamp from which the time of the answer counts.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="topK">Most passages.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null: 48.</param>
    /// <param name="sampling">How tokens are chosen; null: the likeliest.</param>
    public async Task<TimedAnswer> AskAsync(
        string question, int caller, long start, CancellationToken cancellationToken, int topK = Passages, int? maxOutputTokens = null,
        SamplingOptions? sampling = null)
    {
        long last = 0;
        var longest = TimeSpan.Zero;
        RagAnswer? answer = null;
        var request = new RagRequest(question) { Caller = $"caller {caller}", TopK = topK, MaxOutputTokens = maxOutputTokens, Sampling = sampling };
        await foreach (RagUpdate update in _runtime.Generator.GenerateStreamingAsync(request, cancellationToken))
        {
            if (update.Text.Length > 0)
            {
                long now = Stopwatch.GetTimestamp();
                longest = last > 0 && Stopwatch.GetElapsedTime(last, now) is var gap && gap > longest ? gap : longest;
                last = now;
            }

            answer = update.Answer;
        }

        return answer is { Passages.Count: > 0 }
            ? new TimedAnswer(start, Stopwatch.GetTimestamp(), longest, answer)
            : throw new InvalidOperationException($"No passage was found for '{question}'.");
    }

    /// <summary>Indexes more documents.</summary>
    public async Task IndexAsync(IEnumerable<RagDocument> documents, CancellationToken cancellationToken)
    {
        await foreach (IndexedDocument _ in _runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
    }
}
