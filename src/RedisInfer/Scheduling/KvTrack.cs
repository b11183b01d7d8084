using RedisInfer.Context;

namespace RedisInfer.Scheduling;

/// <summary>Tokens on their way into the KV cache under a sequence id: first what is there to be reused, then what is computed.</summary>
/// <param name="id">The sequence id.</param>
/// <param name="chain">Their blocks that may be reused; null: all is computed.</param>
internal sealed class KvTrack(int id, KvChain? chain)
{
    public int Id { get; } = id;

    /// <summary>The blocks that are in the KV cache; null where reuse is off.</summary>
    public SequencePrefix? Prefix { get; set; } = chain is { Blocks.Count: > 0 } ? new SequencePrefix(chain, id) : null;

    public ReuseState Reuse { get; set; } = chain is { Blocks.Count: > 0 } ? ReuseState.Sharing : ReuseState.Done;

    /// <summary>What brings its stored blocks, while it does.</summary>
    public KvRestore? Restore { get; set; }

    /// <summary>Tokens of it in the KV cache.</summary>
    public int CachedCount { get; private set; }

    /// <summary>Takes over that tokens have come into the KV cache.</summary>
    /// <param name="cachedCount">How many there are now.</param>
    public void Advance(int cachedCount)
    {
        CachedCount = cachedCount;
        Prefix?.Advance(cachedCount);
    }

    /// <summary>Lets go of blocks that were on their way.</summary>
    public void StopRestoring()
    {
        Restore?.Dispose();
        Restore = null;
    }

    /// <summary>Begins anew in a context that holds nothing.</summary>
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
