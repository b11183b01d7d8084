using System.Diagnostics;
using RedisInfer.Garnet;
using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>The product as a host uses it: documents in an embedded server, questions through <see cref="IRagGenerator"/>.</summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    public const int MaxCallers = 8;
    private readonly EmbeddedGarnetServer _server;
    private readonly RagRuntime _runtime;

    private FrontDoor(EmbeddedGarnetServer server, RagRuntime runtime)
    {
        _server = server;
        _runtime = runtime;
    }

    public StepLog Log { get; } = new();

    /// <summary>Starts a runtime with one document of one word for each caller.</summary>
    public static async Task<FrontDoor> StartAsync(
        IInferenceEngine engine, string modelPath, ContextOptions context, int prefillSlice, CancellationToken cancellationToken)
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = modelPath,
                Capacity = { ContextSize = context.ContextSize, MaxConcurrentRequests = context.MaxSequences, PrefillSliceSize = prefillSlice },

                // Random weights repeat themselves. Steps are compared here, not guesses.
                Engine = { DraftTokens = 0, Threads = context.Threads, PinThreads = context.PinThreads, FlashAttention = context.FlashAttention },
                SystemPrompt = "",
                Retrieval = { TopK = 1 },
                Sampling = new SamplingOptions { Temperature = 0 },
            },
            new RagComponents { Connection = server, InferenceEngine = engine });
        var door = new FrontDoor(server, runtime);
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        await runtime.Index.AddAsync(Documents(), cancellationToken).LastAsync(cancellationToken);
        return door;
    }

    /// <summary>Asks questions from several callers at once, each about its own document.</summary>
    public async Task<(IReadOnlyList<RagAnswer> Answers, TimeSpan Time)> AskAsync(int callers, int outputTokens, CancellationToken cancellationToken)
    {
        Log.Clear();
        long start = Stopwatch.GetTimestamp();
        RagAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => AskAsync(Words[caller], outputTokens, cancellationToken)));
        return (answers, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>
    /// Tokens per second while all callers are being answered and nothing is prefilling: from the last slice of a prompt until three
    /// quarters of all tokens are generated. The scheduler chooses how many sequences share a step.
    /// </summary>
    public double DecodeRate()
    {
        ReadOnlySpan<Step> steps = Log.Steps;
        int first = 0;
        long all = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            first = steps[i].Prefilled > 0 ? i : first;
            all += steps[i].Generated;
        }

        long tokens = 0;
        int last = first;
        long before = 0;
        for (int i = 0; i < steps.Length && before < all * 3 / 4; i++)
        {
            before += steps[i].Generated;
            tokens += i > first ? steps[i].Generated : 0;
            last = i;
        }

        return tokens / Stopwatch.GetElapsedTime(steps[first].Timestamp, steps[last].Timestamp).TotalSeconds;
    }

    /// <summary>Sends a question with a long prompt while another question is being answered.</summary>
    /// <returns>
    /// The longest time between two tokens of the running answer, in milliseconds, and the number of tokens of the long prompt.
    /// </returns>
    public async Task<(double StallMilliseconds, int PromptTokens)> MeasureStallAsync(CancellationToken cancellationToken)
    {
        Log.Clear();
        Task<RagAnswer> running = AskAsync(Words[0], 200, cancellationToken);
        while (Log.Steps.Length < 10)
        {
            await Task.Delay(1, cancellationToken);
        }

        RagAnswer late = await AskAsync(Words[1] + new string('?', 930), 1, cancellationToken);
        double worst = 0;
        long last = 0;
        bool waited = false;
        foreach (Step step in Log.Steps)
        {
            // The late request gets its only token from its last slice. All other tokens are those of the running answer.
            if (step is { Generated: > 0, Prefilled: 0 })
            {
                worst = waited && last > 0 ? Math.Max(worst, Stopwatch.GetElapsedTime(last, step.Timestamp).TotalMilliseconds) : worst;
                last = step.Timestamp;
                waited = false;
            }
            else
            {
                waited = true;
            }
        }

        await running;
        return (worst, late.Usage.PromptTokens);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
        Log.Dispose();
    }

    private static readonly string[] Words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath"];

    private static async IAsyncEnumerable<RagDocument> Documents()
    {
        foreach (string word in Words)
        {
            yield return new RagDocument(word, word);
        }

        await Task.CompletedTask;
    }

    private async Task<RagAnswer> AskAsync(string question, int outputTokens, CancellationToken cancellationToken) =>
        await _runtime.Generator.GenerateAsync(new RagRequest(question) { MaxOutputTokens = outputTokens }, cancellationToken);
}
