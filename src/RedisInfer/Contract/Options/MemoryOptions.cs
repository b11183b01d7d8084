namespace RedisInfer;

/// <summary>How much memory the runtime may use.</summary>
public sealed class MemoryOptions
{
    /// <summary>
    /// Memory for the models, the KV cache, and the Redis or embedded server on this machine, in bytes. Default: 0, which means the memory
    /// of the machine, or of the container if that is less.
    /// </summary>
    public long LimitBytes { get; set; }

    /// <summary>Memory kept free for compute buffers and for the host, in bytes. Default: 512 MiB.</summary>
    public long ReserveBytes { get; set; } = 512L << 20;

    /// <summary>
    /// Most memory for the words and vectors of the corpus, which are searched in this process, in bytes. Default: 0, which means no limit.
    /// <list type="bullet">
    /// <item>The budget counts it, so that a growing corpus does not take the memory of the model.</item>
    /// <item>A document that would exceed it ends the indexing run with <see cref="Errors.RedisInferErrorCode.OverBudget"/>.</item>
    /// <item>A corpus that exceeds it is not searched: asking throws the same error.</item>
    /// </list>
    /// </summary>
    public long SearchBytes { get; set; }

    /// <summary>What happens if the runtime needs more memory than allowed. Default: <see cref="OverBudgetBehavior.Refuse"/>.</summary>
    public OverBudgetBehavior OverBudget { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (LimitBytes < 0)
        {
            yield return $"LimitBytes is {LimitBytes}: set it to 0 (all memory) or more.";
        }

        if (ReserveBytes < 0)
        {
            yield return $"ReserveBytes is {ReserveBytes}: set it to 0 or more.";
        }

        if (SearchBytes < 0)
        {
            yield return $"SearchBytes is {SearchBytes}: set it to 0 (no limit) or more.";
        }

        if (!Enum.IsDefined(OverBudget))
        {
            yield return $"OverBudget is {OverBudget}: set it to Refuse or LowerConcurrency.";
        }
    }
}
