namespace RedisInfer;

/// <summary>What happens to a request that finds the queue full.</summary>
public enum FullQueueBehavior
{
    /// <summary>It waits for a place, for as long as the host allows.</summary>
    Wait,

    /// <summary>It is refused with <see cref="Errors.RedisInferErrorCode.QueueFull"/>.</summary>
    Refuse,
}
