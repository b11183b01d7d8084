using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The runtime that all processes of the run use: words, vectors, the demo model, and chunks of few tokens.</summary>
internal static class ChaosRuntime
{
    public const string Corpus = "chaos";

    // A document of some hundred short paragraphs then has some hundred chunks.
    private const int ChunkTokens = 64;

    // Each answer would store some megabytes of KV states, and the servers write everything to disk.
    private const long KvBytes = 16 << 20;

    public static RagRuntime Create(string redis, string corpus, TimeProvider? time = null) => new(
        new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            EmbeddingModelPath = TestModels.LexicalEmbedding,
            Redis = redis,
            Corpus = corpus,
            Chunking = { MaxTokens = ChunkTokens },
            Engine = { Threads = 1, PinThreads = false },
            Retrieval = { TopK = 3, MinScore = -1 },
            Capacity = { ContextSize = 2048, MaxConcurrentRequests = 2 },
            KvCache = { MaxStoredBytes = KvBytes },
        },
        new RagComponents { TimeProvider = time });
}
