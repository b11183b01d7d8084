using RedisInfer.Garnet;
using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>RedisInfer's front door, with an embedded server that keeps its data.</summary>
internal sealed class FrontDoorPeer : IPeer
{
    private readonly PeerPrompts _prompts;
    private readonly EmbeddedGarnetServer _server;
    private readonly RagRuntime _runtime;

    private FrontDoorPeer(PeerPrompts prompts, EmbeddedGarnetServer server, RagRuntime runtime)
    {
        _prompts = prompts;
        _server = server;
        _runtime = runtime;
    }

    public static async Task<FrontDoorPeer> StartAsync(
        IInferenceEngine engine, string model, PeerPrompts prompts, ContextOptions context, string data, CancellationToken cancellationToken)
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = data });
        var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = model,
                Capacity = { ContextSize = context.ContextSize, MaxConcurrentRequests = context.MaxSequences, ShutdownTimeout = TimeSpan.FromMinutes(1) },
                Engine = { Threads = context.Threads },
                SystemPrompt = "",
                Retrieval = { TopK = 1, MinScore = -1 },
                Chunking = new ChunkingOptions { MaxTokens = context.ContextSize / context.MaxSequences },
                Sampling = new SamplingOptions { Temperature = 0 },
            },
            new RagComponents { Connection = server, InferenceEngine = engine });
        IEnumerable<RagDocument> documents = Enumerable.Range(0, PeerPrompts.Callers).Select(caller => new RagDocument($"p{caller}", prompts.Document(caller)));
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), cancellationToken).LastAsync(cancellationToken);
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        return new FrontDoorPeer(prompts, server, runtime);
    }

    public async Task<PeerAnswer> AskAsync(int caller, int outputTokens, CancellationToken cancellationToken)
    {
        RagAnswer answer = await GenerateAsync(caller, outputTokens, cancellationToken);
        RagTimings timings = answer.Timings;
        return new PeerAnswer(
            answer.Usage.PromptTokens,
            timings.FirstToken.TotalMilliseconds,
            (answer.Usage.GeneratedTokens - 1) / (timings.Total - timings.FirstToken).TotalSeconds);
    }

    public async Task<int> AskAllAsync(IReadOnlyList<int> callers, int outputTokens, CancellationToken cancellationToken)
    {
        RagAnswer[] answers = await Task.WhenAll(callers.Select(caller => GenerateAsync(caller, outputTokens, cancellationToken)));
        return answers.Sum(answer => answer.Usage.GeneratedTokens);
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<RagAnswer> GenerateAsync(int caller, int outputTokens, CancellationToken cancellationToken) =>
        await _runtime.Generator.GenerateAsync(
            new RagRequest(_prompts.Question(caller)) { MaxOutputTokens = outputTokens }, cancellationToken);
}
