namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A line that a child reads from its standard input.</summary>
/// <param name="Question">What to ask; <see langword="null"/>: synchronize the corpus with the folder.</param>
internal sealed record ChildRequest(string? Question);
