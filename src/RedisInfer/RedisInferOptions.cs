using RedisInfer.Chunking;
using RedisInfer.Context;
using RedisInfer.Inference;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;

namespace RedisInfer;

/// <summary>What a host can set. Checked as a whole by <see cref="Validate"/> before anything is loaded.</summary>
public sealed class RedisInferOptions
{
    /// <summary>The sentence that the default prompt asks for when no passage holds the answer.</summary>
    public const string DefaultNoContextText = "I don't know based on the given context.";

    /// <summary>Path of the GGUF model that answers. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>
    /// Path of a GGUF embedding model. Without one, and without an embedding generator of the host's, passages are found by their
    /// words alone.
    /// </summary>
    public string? EmbeddingModelPath { get; set; }

    /// <summary>
    /// What the embedding reads before a question; <see langword="null"/>: what the model at <see cref="EmbeddingModelPath"/> is
    /// known to want, and nothing for a generator of the host's.
    /// </summary>
    public string? EmbeddingQueryPrefix { get; set; }

    /// <summary>What the embedding reads before a text of a document; as <see cref="EmbeddingQueryPrefix"/>.</summary>
    public string? EmbeddingDocumentPrefix { get; set; }

    /// <summary>
    /// The server, as a StackExchange.Redis configuration such as <c>localhost:6379,password=...</c>. Not needed where the host
    /// gives a connection or an embedded server.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>Name of the corpus: 1 to 64 letters, digits, <c>.</c>, <c>_</c> or <c>-</c>.</summary>
    public string Corpus { get; set; } = "default";

    /// <summary>
    /// KV cells shared by all requests that run at once, in tokens. One request uses at most what the model was trained with.
    /// </summary>
    public int ContextSize { get; set; } = 8192;

    /// <summary>Requests that are answered at once; more wait in the queue.</summary>
    public int MaxConcurrentRequests { get; set; } = 4;

    /// <summary>Requests that may wait in the queue.</summary>
    public int QueueCapacity { get; set; } = 64;

    /// <summary>What happens to a request that finds the queue full.</summary>
    public FullQueueBehavior FullQueue { get; set; }

    /// <summary>Longest wait for a place in the queue, where requests wait for one; then it counts as full. Null: any.</summary>
    public TimeSpan? QueueTimeout { get; set; }

    /// <summary>How long disposal lets requests run on before it aborts them.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most tokens computed in one step; a longer prompt is read in slices of this size.</summary>
    public int BatchSize { get; set; } = 512;

    /// <summary>
    /// Tokens of a step that reads prompts while others are being answered, who wait for it: smaller slices delay their tokens less, and read
    /// prompts slower. llama.cpp is at its best at multiples of 64.
    /// </summary>
    public int PrefillSliceSize { get; set; } = 64;

    /// <summary>Memory that model, KV cache and store may take, in bytes; 0: all the machine has, or the container where that is less.</summary>
    public long MemoryLimitBytes { get; set; }

    /// <summary>Memory kept free for compute buffers and for the host itself, in bytes.</summary>
    public long MemoryReserveBytes { get; set; } = 512L << 20;

    /// <summary>What happens when more memory is needed than there is.</summary>
    public OverBudgetBehavior OverBudget { get; set; }

    /// <summary>
    /// Compute threads; 0: all CPUs but one, which leaves room for the host's own work (container limits count). On a machine that
    /// does nothing else, all CPUs are faster.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>
    /// Whether each compute thread keeps to a CPU of its own. Where other programs compute too, an answer then takes as long as the
    /// CPU that is shared needs, in place of many times that.
    /// </summary>
    public bool PinThreads { get; set; } = true;

    /// <summary>Layers of the model to keep on a GPU; 0: none.</summary>
    public int GpuLayers { get; set; }

    /// <summary>Number format of the KV cache.</summary>
    public KvType KvType { get; set; } = KvType.F16;

    /// <summary>
    /// Whether llama.cpp may compute attention in one pass over keys and values (flash attention), where the model allows it. Without it,
    /// one caller's short question behind kept attention states starts sooner on a CPU; long prompts are read slower, several answers at
    /// once are written slower, more memory is taken, and <see cref="KvType"/> has to be <see cref="KvType.F16"/>. States kept one way are
    /// not found the other way.
    /// </summary>
    public bool FlashAttention { get; set; } = true;

    /// <summary>How computed attention states are kept and used again.</summary>
    public KvCacheOptions KvCache { get; set; } = new();

    /// <summary>Folder of another build of the llama.cpp libraries with the same binary interface.</summary>
    public string? NativeLibraryDirectory { get; set; }

    /// <summary>How documents are cut into chunks.</summary>
    public ChunkingOptions Chunking { get; set; } = new();

    /// <summary>Most passages to retrieve for a question.</summary>
    public int TopK { get; set; } = 5;

    /// <summary>
    /// Least cosine similarity of a passage, -1 to 1; <see langword="null"/>: 0.05 with an embedding; where passages are found by their
    /// words alone 0.33, and none where the best of them is below 0.4.
    /// </summary>
    public float? MinScore { get; set; }

    /// <summary>How passages are looked for. Without an embedding it is by words, whatever is chosen here but <see cref="RetrievalMode.Vector"/>.</summary>
    public RetrievalMode Retrieval { get; set; }

    /// <summary>
    /// Memory for vectors in this process, in bytes. A corpus whose vectors fit (2 bytes a number: 340,000 chunks of 384 dimensions into
    /// the default of 256 MiB) is searched here, exactly; the vectors of a larger one are searched by the server, approximately. Where the
    /// server cannot search vectors, they are searched here whatever they take. 0: by the server wherever it can.
    /// </summary>
    public long VectorSearchMemoryBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Chunks before and after each passage found that are given to the model too, as far as they fit into the context, 0 to 10.
    /// </summary>
    public int Neighbors { get; set; }

    /// <summary>Most passages that a re-ranker gets to choose from, 1 to 100; nothing without a re-ranker.</summary>
    public int RerankCandidates { get; set; } = 20;

    /// <summary>Most tokens to generate.</summary>
    public int MaxOutputTokens { get; set; } = 512;

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; set; } = new();

    /// <summary>What the model is told before the passages.</summary>
    public string SystemPrompt { get; set; } =
        "Answer the question using only the numbered context passages. Cite the passage you used like [1]. "
        + $"If the context does not contain the answer, say \"{DefaultNoContextText}\"";

    /// <summary>The answer where nothing was retrieved; the model is not asked then.</summary>
    public string NoContextText { get; set; } = DefaultNoContextText;

    /// <summary>Whether a model that can think aloud before it answers may do so.</summary>
    public bool EnableThinking { get; set; }

    /// <summary>Finds everything that is wrong with the options.</summary>
    /// <returns>One sentence per problem; empty where there is none.</returns>
    public IReadOnlyList<string> Validate() => RedisInferOptionsValidator.FindProblems(this);
}
