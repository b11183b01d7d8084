namespace RedisInfer;

/// <summary>What happens when model, KV cache and store need more memory than there is.</summary>
public enum OverBudgetBehavior
{
    /// <summary>The start is refused with <see cref="Errors.RedisInferErrorCode.OverBudget"/> and the arithmetic.</summary>
    Refuse,

    /// <summary>Fewer requests are answered at once, each with its share of the KV cache; refused where not even one fits.</summary>
    LowerConcurrency,
}
