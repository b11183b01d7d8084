namespace RedisInfer.Benchmarks.Throughput;

/// <summary>A step of the decode loop, as its metrics report it.</summary>
/// <param name="Timestamp">Time at which the step ended.</param>
/// <param name="Prefilled">Prompt tokens in the step.</param>
/// <param name="Generated">Tokens that the step generated.</param>
internal readonly record struct Step(long Timestamp, long Prefilled, long Generated);
