using RedisInfer.Inference;
using RedisInfer.KvBlocks;

namespace RedisInfer.Scheduling;

/// <summary>Options of a decode loop.</summary>
internal sealed record DecodeLoopOptions
{
    /// <summary>The context to create. At most <see cref="ContextOptions.MaxSequences"/> requests run at once.</summary>
    public required ContextOptions Context { get; init; }

    /// <summary>Most bytes of KV states that are kept in memory outside the context; 0: none.</summary>
    public long PoolBytes { get; init; }

    /// <summary>The stores of KV states, nearest first.</summary>
    public KvTiers Stores { get; init; } = new([]);

    /// <summary>Most requests that wait in the queue.</summary>
    public required int QueueCapacity { get; init; }

    /// <summary>What happens to a request that finds the queue full.</summary>
    public FullQueueBehavior FullQueue { get; init; }

    /// <summary>Longest wait for a place in the queue; <see langword="null"/>: no limit.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>
    /// How long a request may run without progress because its reader reads nothing; <see langword="null"/>: no limit.
    /// </summary>
    public TimeSpan? ReaderTimeout { get; init; }

    /// <summary>Tokens of a step that prefills while other sequences generate, at least.</summary>
    public int PrefillSliceSize { get; init; } = int.MaxValue;

    /// <summary>Most tokens that an answer proposes at once; 0: none.</summary>
    public int DraftTokens { get; init; }

    /// <summary>How long disposal lets requests continue before it aborts them.</summary>
    public TimeSpan ShutdownTimeout { get; init; }
}
