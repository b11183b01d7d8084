namespace RedisInfer.Llama.Binding;

/// <summary>How a binding creates a context. Everything else keeps llama.cpp's defaults.</summary>
public sealed record ContextSettings
{
    /// <summary>KV cells of all sequences (<c>n_ctx</c>).</summary>
    public required int Cells { get; init; }

    /// <summary>Maximum number of tokens in a batch (<c>n_batch</c>).</summary>
    public required int BatchSize { get; init; }

    /// <summary>Tokens computed at once (<c>n_ubatch</c>).</summary>
    public required int MicroBatchSize { get; init; }

    /// <summary>Number of sequences (<c>n_seq_max</c>).</summary>
    public required int Sequences { get; init; }

    /// <summary>
    /// Maximum number of rows of a batch that ask for output (<c>n_outputs_max</c>); 0: all. A build that has no such bound needs none.
    /// </summary>
    public required int OutputRows { get; init; }

    /// <summary>Number of compute threads, including the one that decodes.</summary>
    public required int Threads { get; init; }

    /// <summary>CPUs to pin the compute threads to, one each. Empty: the system places them.</summary>
    public required IReadOnlyList<int> Cpus { get; init; }

    /// <summary>Whether flash attention may be used (<c>auto</c>), or not at all.</summary>
    public required bool FlashAttention { get; init; }

    /// <summary>Number format of keys and values.</summary>
    public required KvType KvType { get; init; }

    /// <summary>Whether texts are pooled instead of computing logits: to embeddings, or to scores.</summary>
    public required bool Embeddings { get; init; }

    /// <summary>Whether they are pooled to the scores of a classification head (<c>LLAMA_POOLING_TYPE_RANK</c>).</summary>
    public required bool Ranking { get; init; }

    /// <summary>Whether the sequences share one buffer of cells (<c>kv_unified</c>).</summary>
    public required bool SharedCells { get; init; }
}
