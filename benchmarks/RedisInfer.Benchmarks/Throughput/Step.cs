namespace RedisInfer.Benchmarks.Throughput;

/// <summary>A step of the decode loop, seen by its metrics.</summary>
/// <param name="Timestamp">When it ended.</param>
/// <param name="Prefilled">Prompt tokens in it.</param>
/// <param name="Generated">Tokens it gave.</param>
internal readonly record struct Step(long Timestamp, long Prefilled, long Generated);
