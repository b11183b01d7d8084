namespace RedisInfer;

/// <summary>What happens if models, KV cache and store need more memory than available.</summary>
public enum OverBudgetBehavior
{
    /// <summary>The start fails with <see cref="Errors.RedisInferErrorCode.OverBudget"/>. The message shows the calculation.</summary>
    Refuse,

    /// <summary>
    /// Fewer requests run at once, each with its share of the KV cache. If not even one fits, the start fails as with <see cref="Refuse"/>.
    /// </summary>
    LowerConcurrency,
}
