namespace RedisInfer;

/// <summary>How much memory the runtime may take.</summary>
public sealed class MemoryOptions
{
    /// <summary>Memory for model, KV cache and store, in bytes. 0: all of the machine, or of the container if that is less.</summary>
    public long LimitBytes { get; set; }

    /// <summary>Memory kept free for compute buffers and for the host itself, in bytes.</summary>
    public long ReserveBytes { get; set; } = 512L << 20;

    /// <summary>What happens if more memory is needed than allowed.</summary>
    public OverBudgetBehavior OverBudget { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (LimitBytes < 0)
        {
            yield return $"LimitBytes is {LimitBytes}: give 0 (all there is) or more.";
        }

        if (ReserveBytes < 0)
        {
            yield return $"ReserveBytes is {ReserveBytes}: give 0 or more.";
        }

        if (!Enum.IsDefined(OverBudget))
        {
            yield return $"OverBudget is {OverBudget}: give Refuse or LowerConcurrency.";
        }
    }
}
