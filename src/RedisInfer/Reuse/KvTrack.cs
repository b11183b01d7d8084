using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>Tokens on their way into the KV cache under a sequence id: first those that are reused, then those that are computed.</summary>
/// <param name="id">The sequence id.</param>
/// <param name="prefix">The blocks that may be reused; <see langword="null"/>: every token is computed.</param>
/// <param name="reused">Counts what is reused.</param>
internal sealed class KvTrack(int id, SequencePrefix? prefix, ReuseFigures reused)
{
    public int Id { get; } = id;

    public ReuseFigures Reused { get; } = reused;

    /// <summary>Its blocks; <see langword="null"/> if reuse is off.</summary>
    public SequencePrefix? Prefix { get; set; } = prefix;

    public ReuseState Reuse { get; set; } = prefix is null ? ReuseState.Done : ReuseState.Sharing;

    /// <summary>The restore of its stored blocks, while it is in flight.</summary>
    public KvRestore? Restore { get; set; }

    /// <summary>Blocks that have arrived from stores, and are loaded along with the others at the end.</summary>
    public List<LoadedKvBlock> Arrived { get; } = [];

    /// <summary>Number of its tokens that are in the KV cache.</summary>
    public int CachedCount { get; private set; }

    /// <summary>Whether it makes no progress because its reader is too slow.</summary>
    public bool WaitsForReader { get; set; }

    /// <summary>Notes that more tokens are in the KV cache.</summary>
    /// <param name="cachedCount">How many there are now.</param>
    public void Advance(int cachedCount)
    {
        CachedCount = cachedCount;
        Prefix?.Advance(cachedCount);
    }

    /// <summary>Drops blocks that are in flight.</summary>
    public void StopRestoring()
    {
        Restore?.Dispose();
        Restore = null;
        Arrived.Clear();
    }

    /// <summary>Starts again in an empty context.</summary>
    public void StartOver()
    {
        CachedCount = 0;
        Prefix?.StartOver();
        if (Reuse == ReuseState.Restoring)
        {
            StopRestoring();
            Reuse = ReuseState.Sharing;
        }
    }
}
