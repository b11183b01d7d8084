namespace RedisInfer.Inference;

/// <summary>Settings of a context.</summary>
public sealed record ContextOptions
{
    /// <summary>Number of KV cells of all sequences, one token each. An engine may round it up.</summary>
    public required int ContextSize { get; init; }

    /// <summary>Number of sequences that can be held at once. Sequence ids run from 0 to <c>MaxSequences - 1</c>.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>
    /// Whether each sequence has an equal share of the cells for itself. Attention then passes over the cells of the sequences in the
    /// batch only; if cells are shared, over all that are in use. Such sequences cannot be copied
    /// (<see cref="IInferenceContext.CopySequence"/>); <see cref="IInferenceContext.SaveStates"/> and
    /// <see cref="IInferenceContext.LoadStates"/> take their place. An engine shares the cells where it cannot separate them
    /// (<see cref="IInferenceModel.GetMaxSequenceLength"/>).
    /// </summary>
    public bool SeparateSequences { get; init; }

    /// <summary>Maximum number of tokens in one batch.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>
    /// Number of compute threads, at most the number of CPUs (container limits count). 0: all CPUs but one, and at least one. Compute
    /// threads spin while they wait for each other, so a step takes as long as its slowest thread. Leave room for the host's own threads.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether each compute thread is pinned to a CPU of its own, from its first batch on. That includes the thread that decodes. If other
    /// processes compute too, threads that wait for each other lose only what the neighbor takes, and not many times as much.
    /// </summary>
    public bool PinThreads { get; init; }

    /// <summary>Number format of the keys and values in the KV cache.</summary>
    public KvType KvType { get; init; } = KvType.F16;

    /// <summary>
    /// Whether attention may be computed in one pass over keys and values (flash attention), if the model allows it. Without it, the
    /// scores of a whole batch over the whole context are kept at once, and <see cref="KvType"/> must be <see cref="KvType.F16"/>.
    /// </summary>
    public bool FlashAttention { get; init; } = true;

    /// <summary>
    /// Whether the context computes embeddings instead of logits. They are pooled per sequence, as the model prescribes. Each batch then
    /// holds whole texts with positions from 0, and nothing is kept between batches.
    /// </summary>
    public bool Embeddings { get; init; }

    /// <summary>
    /// Whether the context computes a score of each sequence with the model's classification head, for a model that can
    /// (<see cref="ModelInfo.CanRank"/>). Batches are as for <see cref="Embeddings"/>, which must be off.
    /// </summary>
    public bool Ranking { get; init; }

    /// <summary>Whether each sequence gives one result, and nothing is kept between batches.</summary>
    internal bool IsPooled => Embeddings || Ranking;
}
