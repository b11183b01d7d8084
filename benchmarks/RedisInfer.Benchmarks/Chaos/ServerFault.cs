namespace RedisInfer.Benchmarks.Chaos;

/// <summary>What was done to the server.</summary>
/// <param name="What">What was done, for the report.</param>
/// <param name="DownFrom">When it was last known to be well.</param>
/// <param name="BackAt">When it was well again.</param>
/// <param name="KeptUntil">Everything that was written before this time is still there; <see langword="null"/>: nothing was lost.</param>
internal sealed record ServerFault(string What, long DownFrom, long BackAt, long? KeptUntil = null);
