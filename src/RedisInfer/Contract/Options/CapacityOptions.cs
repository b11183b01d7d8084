namespace RedisInfer;

/// <summary>How many requests run, how many wait, and for how long.</summary>
public sealed class CapacityOptions
{
    /// <summary>
    /// KV cells shared by all requests that run at once, in tokens; at least 256. A single request uses at most what the model was trained
    /// with.
    /// </summary>
    public int ContextSize { get; set; } = 8192;

    /// <summary>Requests that run at once, 1 to 188; further ones wait in the queue.</summary>
    public int MaxConcurrentRequests { get; set; } = 4;

    /// <summary>Requests that may wait in the queue; at least 1.</summary>
    public int QueueCapacity { get; set; } = 64;

    /// <summary>What happens to a request that finds the queue full.</summary>
    public FullQueueBehavior FullQueue { get; set; }

    /// <summary>
    /// Longest wait for a place in the queue if <see cref="FullQueue"/> is <see cref="FullQueueBehavior.Wait"/>; after it the request is
    /// refused. <see langword="null"/>: no limit.
    /// </summary>
    public TimeSpan? QueueTimeout { get; set; }

    /// <summary>How long disposal lets requests run on before it aborts them.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most tokens computed in one step, from <see cref="MaxConcurrentRequests"/> to 8192. A longer prompt is prefilled in slices of this
    /// size.
    /// </summary>
    public int BatchSize { get; set; } = 512;

    /// <summary>
    /// Tokens of a step that prefills while other requests generate. Smaller slices delay their tokens less, and make prefill slower.
    /// llama.cpp is fastest at multiples of 64.
    /// </summary>
    public int PrefillSliceSize { get; set; } = 64;

    internal IEnumerable<string> Validate()
    {
        if (ContextSize < 256)
        {
            yield return $"ContextSize is {ContextSize}: give at least 256 tokens.";
        }

        if (MaxConcurrentRequests is < 1 or > 188)
        {
            yield return $"MaxConcurrentRequests is {MaxConcurrentRequests}: give 1 to 188.";
        }

        if (QueueCapacity < 1)
        {
            yield return $"QueueCapacity is {QueueCapacity}: give at least 1.";
        }

        if (!Enum.IsDefined(FullQueue))
        {
            yield return $"FullQueue is {FullQueue}: give Wait or Refuse.";
        }

        if (!IsTime(QueueTimeout ?? TimeSpan.Zero))
        {
            yield return $"QueueTimeout is {QueueTimeout}: give 0 to 24 days, or none.";
        }

        if (!IsTime(ShutdownTimeout))
        {
            yield return $"ShutdownTimeout is {ShutdownTimeout}: give 0 to 24 days.";
        }

        if (BatchSize < MaxConcurrentRequests || BatchSize > 8192)
        {
            yield return $"BatchSize is {BatchSize}: give at least MaxConcurrentRequests ({MaxConcurrentRequests}) and at most 8192 tokens.";
        }

        if (PrefillSliceSize < 1)
        {
            yield return $"PrefillSliceSize is {PrefillSliceSize}: give at least 1 token.";
        }
    }

    // What timers take.
    private static bool IsTime(TimeSpan time) => time >= TimeSpan.Zero && time.TotalMilliseconds < int.MaxValue;
}
