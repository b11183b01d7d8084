namespace RedisInfer.Benchmarks.Soak;

/// <summary>How a caller saw its request end.</summary>
internal enum SoakOutcome
{
    Answered,
    Left,
    Cancelled,
    Refused,
    Failed,
}
