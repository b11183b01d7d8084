namespace RedisInfer.Benchmarks.Check;

/// <summary>The direction in which a figure gets better.</summary>
internal enum Better
{
    Higher,
    Lower,
}
