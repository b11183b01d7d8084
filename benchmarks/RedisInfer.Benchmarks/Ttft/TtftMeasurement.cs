namespace RedisInfer.Benchmarks.Ttft;

/// <summary>What one answer said of itself.</summary>
/// <param name="FirstToken">Seconds from the call to the first token.</param>
/// <param name="ContextReady">Seconds until the attention states of all passages were there: computed, shared or restored.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="ComputedTokens">Those of them that were computed.</param>
internal sealed record TtftMeasurement(double FirstToken, double ContextReady, int PromptTokens, int ComputedTokens);
