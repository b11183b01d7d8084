namespace RedisInfer.KvBlocks;

/// <summary>
/// The blocks of a prompt. The key of each depends on all tokens up to its end. Two prompts with the same prefix have the same first
/// blocks. From the first token that differs on, they have no block in common. Immutable, so thread-safe.
/// </summary>
internal sealed class KvChain
{
    private readonly int _maxBlockTokens;

    private KvChain(KvIdentity identity, IReadOnlyList<KvBlock> blocks, int storedCount, int maxBlockTokens)
    {
        Identity = identity;
        Blocks = blocks;
        StoredCount = storedCount;
        _maxBlockTokens = maxBlockTokens;
    }

    public KvIdentity Identity { get; }

    /// <summary>The blocks in order, without gaps, from position 0.</summary>
    public IReadOnlyList<KvBlock> Blocks { get; }

    /// <summary>Number of blocks, from the first on, that stores may hold. The others are only in this process's memory.</summary>
    public int StoredCount { get; }

    /// <summary>The same chain, none of whose blocks goes to a store.</summary>
    public KvChain InProcessOnly() => new(Identity, Blocks, 0, _maxBlockTokens);

    /// <summary>The same chain with one more part. No store gets the new blocks.</summary>
    /// <param name="tokens">Tokens that begin with those of the chain.</param>
    /// <param name="end">One past the part's last token.</param>
    public KvChain Extend(ReadOnlySpan<int> tokens, int end)
    {
        var blocks = new List<KvBlock>(Blocks);
        KvBlockKey parent = blocks.Count > 0 ? blocks[^1].Key : Identity.Root;
        for (int start = blocks.Count > 0 ? blocks[^1].End : 0; start < end; start = blocks[^1].End)
        {
            int count = Math.Min(_maxBlockTokens, end - start);
            parent = Identity.Next(parent, tokens.Slice(start, count));
            blocks.Add(new KvBlock(parent, start, count));
        }

        return new KvChain(Identity, blocks, StoredCount, _maxBlockTokens);
    }

    /// <summary>Counts the blocks that two chains have in common, from the first on.</summary>
    /// <param name="other">The other chain.</param>
    /// <param name="most">Most blocks to compare.</param>
    public int CountCommon(KvChain other, int most)
    {
        int end = Math.Min(most, Math.Min(Blocks.Count, other.Blocks.Count));
        int common = 0;
        while (common < end && Blocks[common].Key == other.Blocks[common].Key)
        {
            common++;
        }

        return common;
    }

    /// <summary>
    /// Cuts a prompt into blocks. A block ends where a part of the prompt ends (system prefix, passage), so that prompts that share parts
    /// share whole blocks. A block also ends when it reaches the maximum size.
    /// </summary>
    /// <param name="identity">What KV states depend on besides their tokens.</param>
    /// <param name="tokens">The tokens of the prompt.</param>
    /// <param name="partEnds">
    /// The ends of the parts, ascending, each one past the part's last token. Tokens after the last end are in no block: a question is not
    /// worth storing.
    /// </param>
    /// <param name="maxBlockTokens">Most tokens of a block: <see cref="KvBlockSize.MaxTokens"/>.</param>
    /// <param name="branch">Where KV states of another kind begin, at the end of a part or at 0; <see langword="null"/>: nowhere.</param>
    /// <param name="storedEnd">Stores get no block that ends after this position.</param>
    /// <returns>The chain.</returns>
    public static KvChain Cut(
        KvIdentity identity, ReadOnlySpan<int> tokens, ReadOnlySpan<int> partEnds, int maxBlockTokens, KvBranch? branch = null,
        int storedEnd = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBlockTokens);
        var blocks = new List<KvBlock>();
        KvBlockKey parent = identity.Root;
        int start = 0;
        int storedCount = int.MaxValue;
        foreach (int partEnd in partEnds)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(partEnd, start, nameof(partEnds));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(partEnd, tokens.Length, nameof(partEnds));
            while (start < partEnd)
            {
                if (start == branch?.Start)
                {
                    parent = identity.Branch(parent, branch.Value.Kind);
                    storedCount = branch.Value.IsStored ? storedCount : blocks.Count;
                }

                int count = Math.Min(maxBlockTokens, partEnd - start);
                parent = identity.Next(parent, tokens.Slice(start, count));
                blocks.Add(new KvBlock(parent, start, count));
                start += count;
            }
        }

        return new KvChain(identity, blocks, Math.Min(storedCount, blocks.Count(block => block.End <= storedEnd)), maxBlockTokens);
    }
}
