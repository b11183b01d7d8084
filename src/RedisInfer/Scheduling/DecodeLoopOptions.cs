using RedisInfer.Inference;
using RedisInfer.KvBlocks;

namespace RedisInfer.Scheduling;

/// <summary>Limits of a decode loop.</summary>
internal sealed record DecodeLoopOptions
{
    /// <summary>The context to create; <see cref="ContextOptions.MaxSequences"/> requests run at once.</summary>
    public required ContextOptions Context { get; init; }

    /// <summary>Prefixes of ended requests that stay in the context, at most; 0: none.</summary>
    public int RetainedPrefixes { get; init; }

    /// <summary>Where attention states are stored; null: nowhere.</summary>
    public IKvBlockStore? Store { get; init; }

    /// <summary>Requests that may wait.</summary>
    public required int QueueCapacity { get; init; }

    /// <summary>What happens to a request that finds the queue full.</summary>
    public FullQueueBehavior FullQueue { get; init; }

    /// <summary>Longest wait for a place in the queue; null: any.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>Tokens of a step that reads prompts while others are being answered, theirs included.</summary>
    public int PrefillSliceSize { get; init; } = int.MaxValue;

    /// <summary>How long disposal lets requests run on before it aborts them.</summary>
    public TimeSpan ShutdownTimeout { get; init; }
}
