namespace RedisInfer.Benchmarks.Ttft;

/// <summary>Times and token counts of one answer.</summary>
/// <param name="FirstToken">Seconds from the call to the first token.</param>
/// <param name="ContextReady">Seconds until the KV states of all passages were available: computed, shared or restored.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="ComputedTokens">Tokens of the prompt that were computed.</param>
internal sealed record TtftMeasurement(double FirstToken, double ContextReady, int PromptTokens, int ComputedTokens);
