using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>The blocks of a prompt: how far they are computed, and how far they are kept outside the context.</summary>
/// <param name="chain">The blocks of the prompt.</param>
/// <param name="storeCount">Number of stores.</param>
internal sealed class SequencePrefix(KvChain chain, int storeCount)
{
    // For each store, the index of the first block that is neither in it nor on its way to it.
    private readonly int[] _nextToStore = new int[storeCount];

    public KvChain Chain { get; private set; } = chain;

    /// <summary>Number of whole blocks in the KV cache, from the first on.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Number of blocks, from the first on, that were put into this process's pool, or were found there.</summary>
    public int PooledCount { get; private set; }

    /// <summary>Whether all blocks are computed, and some are not in the pool yet.</summary>
    public bool IsReadyToPool => BlockCount == Chain.Blocks.Count && PooledCount < BlockCount;

    /// <summary>Updates <see cref="BlockCount"/> to the tokens that are in the KV cache.</summary>
    public void Advance(int cachedCount)
    {
        while (BlockCount < Chain.Blocks.Count && Chain.Blocks[BlockCount].End <= cachedCount)
        {
            BlockCount++;
        }
    }

    /// <summary>Adds tokens that are in the KV cache, after those of the chain.</summary>
    /// <param name="tokens">All tokens of the sequence.</param>
    /// <param name="end">One past the last token to add.</param>
    public void Extend(ReadOnlySpan<int> tokens, int end)
    {
        Chain = Chain.Extend(tokens, end);
        Advance(end);
    }

    /// <summary>Starts again in an empty context.</summary>
    public void StartOver() => BlockCount = 0;

    /// <summary>Notes that all computed blocks are in the pool.</summary>
    public void Pooled() => PooledCount = Math.Max(PooledCount, BlockCount);

    /// <summary>Notes that the first blocks are in the pool, and so were handed to the stores before.</summary>
    public void FoundInPool(int count)
    {
        PooledCount = Math.Max(PooledCount, count);
        for (int store = 0; store < storeCount; store++)
        {
            _nextToStore[store] = Math.Max(_nextToStore[store], count);
        }
    }

    /// <summary>Notes that a block was found in a store. It is to be kept in the nearer ones too.</summary>
    public void FoundInStore(int index, int store)
    {
        PooledCount = Math.Max(PooledCount, index + 1);
        for (int i = store; i < storeCount; i++)
        {
            _nextToStore[i] = Math.Max(_nextToStore[i], index + 1);
        }
    }

    /// <summary>Whether there are blocks in the pool that a store does not have.</summary>
    public bool HasUnstored(int store) => _nextToStore[store] < Math.Min(PooledCount, Chain.StoredCount);

    /// <summary>Takes the index of the next block for a store. Call <see cref="HasUnstored"/> before.</summary>
    public int TakeUnstored(int store) => _nextToStore[store]++;
}
