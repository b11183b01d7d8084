namespace RedisInfer.Benchmarks.Soak;

/// <summary>How a request ended, as its caller saw it.</summary>
internal enum SoakOutcome
{
    Answered,
    Left,
    Cancelled,
    Refused,
    Failed,
}
