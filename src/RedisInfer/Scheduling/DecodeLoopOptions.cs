using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>Limits of a decode loop.</summary>
internal sealed record DecodeLoopOptions
{
    /// <summary>The context to create; <see cref="ContextOptions.MaxSequences"/> requests run at once.</summary>
    public required ContextOptions Context { get; init; }

    /// <summary>Requests that may wait.</summary>
    public required int QueueCapacity { get; init; }

    /// <summary>What happens to a request that finds the queue full.</summary>
    public required FullQueueBehavior FullQueue { get; init; }
}
