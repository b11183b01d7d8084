namespace RedisInfer.Context;

/// <summary>Limits of the blocks that are stored.</summary>
internal sealed record KvCacheSettings
{
    /// <summary>How long a block is kept after it was last used. Under <c>volatile-*</c> policies Redis takes blocks sooner, and nothing else.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Most bytes of all blocks of the corpus together; those used longest ago go first.</summary>
    public long MaxStoredBytes { get; init; } = 1L << 30;

    /// <summary>Buffers that states may be saved into at once.</summary>
    public int MaxSaveBuffers { get; init; } = 8;
}
