namespace RedisInfer.Benchmarks.Ttft;

/// <summary>What one answer said of itself.</summary>
/// <param name="FirstToken">Seconds from the call to the first token.</param>
/// <param name="ContextReady">Seconds until the attention states of all passages were there: computed, shared or restored.</param>
internal sealed record TtftMeasurement(double FirstToken, double ContextReady);
