namespace RedisInfer.Benchmarks.Chaos;

/// <summary>One run of an indexer over the folder.</summary>
/// <param name="Started">Not later than it read its first file.</param>
internal sealed record SyncRun(long Started)
{
    /// <summary>Not earlier than its last write; <see cref="long.MaxValue"/> while it runs.</summary>
    public long Ended { get; set; } = long.MaxValue;

    /// <summary>Whether the server has lost something that it may have written.</summary>
    public bool HasLostWrites { get; set; }

    /// <summary>Whether it has ended without an error, and the server has not lost what it wrote.</summary>
    public bool Counts { get; set; }
}
