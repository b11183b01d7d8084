using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>The blocks of a prompt that are in the KV cache under a sequence id, while its request runs and after.</summary>
/// <param name="chain">The blocks of the prompt.</param>
/// <param name="id">The sequence id that holds them.</param>
internal sealed class SequencePrefix(KvChain chain, int id)
{
    public KvChain Chain { get; } = chain;

    public int Id { get; } = id;

    /// <summary>Number of whole blocks in the KV cache, from the first on.</summary>
    public int BlockCount { get; set; }

    /// <summary>Index of the first block that is neither stored nor on its way to the store.</summary>
    public int NextToSave { get; set; }

    /// <summary>Whether there are blocks to store that were not handed to the store yet.</summary>
    public bool HasUnsaved => NextToSave < Math.Min(BlockCount, Chain.StoredCount);

    /// <summary>KV cells of the blocks.</summary>
    public int Cells => BlockCount == 0 ? 0 : Chain.Blocks[BlockCount - 1].End;

    /// <summary>Updates <see cref="BlockCount"/> to the tokens that are in the KV cache.</summary>
    public void Advance(int cachedCount)
    {
        while (BlockCount < Chain.Blocks.Count && Chain.Blocks[BlockCount].End <= cachedCount)
        {
            BlockCount++;
        }
    }
}
