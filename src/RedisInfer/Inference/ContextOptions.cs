namespace RedisInfer.Inference;

/// <summary>Limits of a context.</summary>
public sealed record ContextOptions
{
    /// <summary>KV cells shared by all sequences, in tokens. An engine may round it up.</summary>
    public required int ContextSize { get; init; }

    /// <summary>Sequences that can be held at once; sequence ids run from 0 to one below it.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>Most tokens in one batch.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>
    /// Compute threads; at most the number of CPUs (container limits count). 0: all CPUs but one, and at least one. Compute threads
    /// wait for each other by spinning, so a step takes as long as the one that was held up; the host's own threads need room.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether each compute thread keeps to a CPU of its own, the one that decodes included, from its first batch on. Where others
    /// compute too, threads that wait for each other then lose what the neighbour takes, and not many times as much.
    /// </summary>
    public bool PinThreads { get; init; }

    /// <summary>Number format of the KV cache.</summary>
    public KvType KvType { get; init; } = KvType.F16;

    /// <summary>
    /// Whether attention may be computed in one pass over keys and values (flash attention), where the model allows it. Without it, the
    /// scores of a whole batch over the whole context are kept at once, and <see cref="KvType"/> has to be <see cref="KvType.F16"/>.
    /// </summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>
    /// Whether the context computes embeddings (pooled per sequence, as the model prescribes) in place of logits. Each batch then holds
    /// whole texts, their positions from 0, and nothing is kept between batches.
    /// </summary>
    public bool Embeddings { get; init; }
}
