namespace RedisInfer;

/// <summary>What happens to a request if the queue is full.</summary>
public enum FullQueueBehavior
{
    /// <summary>It waits for a place, for at most <see cref="CapacityOptions.QueueTimeout"/>.</summary>
    Wait,

    /// <summary>It is refused with <see cref="Errors.RedisInferErrorCode.QueueFull"/>.</summary>
    Refuse,
}
