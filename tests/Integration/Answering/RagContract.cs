using Microsoft.Extensions.AI;
using RedisInfer.Inference;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Starts runtimes on a server, with a corpus of its own for each test.</summary>
public abstract class RagContract(ServerFixture server)
{
    protected const int MaxOutputTokens = 24;

    protected static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    protected ServerFixture Server => server;

    protected string Corpus { get; } = ServerFixture.UniqueName();

    protected RagRuntime StartWith(RagComponents components) => new(
        new RedisInferOptions { ModelPath = TestModels.Text, Corpus = Corpus }, components with { Connection = server.Connection });

    protected RagRuntime Start(
        int maxConcurrentRequests = 4,
        string? embeddingModel = null,
        long memoryLimitBytes = 0,
        int contextSize = 8192,
        IEmbeddingGenerator<string, Embedding<float>>? embedding = null,
        IContextLoader? loader = null,
        IInferenceEngine? engine = null,
        TimeProvider? time = null,
        Action<RedisInferOptions>? configure = null)
    {
        var options = new RedisInferOptions
        {
            ModelPath = TestModels.Text,
            EmbeddingModelPath = embeddingModel,
            Corpus = Corpus,
            Capacity = { MaxConcurrentRequests = maxConcurrentRequests, ContextSize = contextSize },
            MaxOutputTokens = MaxOutputTokens,
            Memory = { LimitBytes = memoryLimitBytes },
        };
        configure?.Invoke(options);
        return new RagRuntime(options, new RagComponents
        {
            Connection = server.Connection,
            EmbeddingGenerator = embedding,
            ContextLoader = loader,
            InferenceEngine = engine,
            TimeProvider = time,
        });
    }
}
