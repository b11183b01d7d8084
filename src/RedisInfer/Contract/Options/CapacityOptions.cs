namespace RedisInfer;

/// <summary>How many requests run and wait, and for how long.</summary>
public sealed class CapacityOptions
{
    /// <summary>
    /// KV cells of all requests that run at once, one per token; at least 256. Default: 8192. Each request has an equal share for its prompt
    /// and its answer: <c>ContextSize / MaxConcurrentRequests</c>, rounded up to a multiple of 256. It uses at most the context size that the
    /// model was trained with.
    /// </summary>
    public int ContextSize { get; set; } = 8192;

    /// <summary>
    /// Requests that run at once, 1 to 188; others wait in the queue. Default: 4. Each gets this part of <see cref="ContextSize"/>.
    /// </summary>
    public int MaxConcurrentRequests { get; set; } = 4;

    /// <summary>Requests that may wait in the queue; at least 1. Default: 64.</summary>
    public int QueueCapacity { get; set; } = 64;

    /// <summary>What happens to a request if the queue is full. Default: <see cref="FullQueueBehavior.Wait"/>.</summary>
    public FullQueueBehavior FullQueue { get; set; }

    /// <summary>
    /// Longest wait for a place in the queue if <see cref="FullQueue"/> is <see cref="FullQueueBehavior.Wait"/>. After that, the request is
    /// refused with <see cref="Errors.RedisInferErrorCode.QueueFull"/>. Default: <see langword="null"/>, no limit.
    /// </summary>
    public TimeSpan? QueueTimeout { get; set; }

    /// <summary>
    /// How long an answer waits for a caller that reads none of its text. The answer pauses after some 64 unread tokens and keeps its KV
    /// cells. After this time it ends with <see cref="Errors.RedisInferErrorCode.ReaderTimeout"/>. <see langword="null"/>: no limit.
    /// Default: 5 minutes.
    /// </summary>
    public TimeSpan? ReaderTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long disposal lets running requests continue before it aborts them. Default: 5 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most tokens computed in one step, from <see cref="MaxConcurrentRequests"/> to 8192. Default: 512. A longer prompt is prefilled in
    /// slices of this size.
    /// </summary>
    public int BatchSize { get; set; } = 512;

    /// <summary>
    /// Prompt tokens that are computed between two tokens of other requests' answers; at least 1. Default: 64. Smaller slices delay the
    /// answers less, and make prefill slower. llama.cpp is fastest at multiples of 64. If a step of the answers takes longer than a slice,
    /// slices become longer too.
    /// </summary>
    public int PrefillSliceSize { get; set; } = 64;

    internal IEnumerable<string> Validate()
    {
        if (ContextSize < 256)
        {
            yield return $"ContextSize is {ContextSize}: set it to at least 256 tokens.";
        }

        if (MaxConcurrentRequests is < 1 or > 188)
        {
            yield return $"MaxConcurrentRequests is {MaxConcurrentRequests}: set it to 1 to 188.";
        }

        if (QueueCapacity < 1)
        {
            yield return $"QueueCapacity is {QueueCapacity}: set it to at least 1.";
        }

        if (!Enum.IsDefined(FullQueue))
        {
            yield return $"FullQueue is {FullQueue}: set it to Wait or Refuse.";
        }

        if (!IsTime(QueueTimeout ?? TimeSpan.Zero))
        {
            yield return $"QueueTimeout is {QueueTimeout}: set it to 0 to 24 days, or to null for no limit.";
        }

        if (ReaderTimeout is { } reading && (reading == TimeSpan.Zero || !IsTime(reading)))
        {
            yield return $"ReaderTimeout is {ReaderTimeout}: set it to more than 0 and at most 24 days, or to null for no limit.";
        }

        if (!IsTime(ShutdownTimeout))
        {
            yield return $"ShutdownTimeout is {ShutdownTimeout}: set it to 0 to 24 days.";
        }

        if (BatchSize < MaxConcurrentRequests || BatchSize > 8192)
        {
            yield return $"BatchSize is {BatchSize}: set it to MaxConcurrentRequests ({MaxConcurrentRequests}) to 8192 tokens.";
        }

        if (PrefillSliceSize < 1)
        {
            yield return $"PrefillSliceSize is {PrefillSliceSize}: set it to at least 1 token.";
        }
    }

    // The range that timers accept.
    private static bool IsTime(TimeSpan time) => time >= TimeSpan.Zero && time.TotalMilliseconds < int.MaxValue;
}
