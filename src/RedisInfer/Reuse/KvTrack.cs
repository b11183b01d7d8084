using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>Tokens on their way into the KV cache under a sequence id: first those that are reused, then those that are computed.</summary>
/// <param name="id">The sequence id.</param>
/// <param name="chain">The blocks that may be reused; <see langword="null"/>: every token is computed.</param>
/// <param name="reused">Counts what is reused.</param>
internal sealed class KvTrack(int id, KvChain? chain, ReuseFigures reused)
{
    public int Id { get; } = id;

    public ReuseFigures Reused { get; } = reused;

    /// <summary>The blocks that are in the KV cache; <see langword="null"/> if reuse is off.</summary>
    public SequencePrefix? Prefix { get; set; } = chain is { Blocks.Count: > 0 } ? new SequencePrefix(chain, id) : null;

    public ReuseState Reuse { get; set; } = chain is { Blocks.Count: > 0 } ? ReuseState.Sharing : ReuseState.Done;

    /// <summary>The restore of its stored blocks, while it is in flight.</summary>
    public KvRestore? Restore { get; set; }

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
    }

    /// <summary>Starts again in an empty context.</summary>
    public void StartOver()
    {
        CachedCount = 0;
        if (Prefix is not null)
        {
            Prefix.BlockCount = 0;
        }

        if (Reuse == ReuseState.Restoring)
        {
            StopRestoring();
            Reuse = ReuseState.Sharing;
        }
    }
}
