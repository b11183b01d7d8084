namespace RedisInfer.KvBlocks;

/// <summary>
/// KV states of blocks in this process's memory, up to a number of bytes; the least recently used are evicted first. It is the nearest
/// place to look for a block: what is computed goes into it, and what is found further away. Used by the decode thread alone.
/// </summary>
/// <param name="maxBytes">Most bytes of all states; 0: holds none.</param>
internal sealed class KvBlockPool(long maxBytes) : IDisposable
{
    private readonly Dictionary<KvBlockKey, LinkedListNode<Entry>> _entries = [];

    // Least recently used first.
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Most bytes of all states.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>Bytes of all states.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts the blocks at the beginning of a chain that it holds, without a gap.</summary>
    public int CountHeld(KvChain chain)
    {
        int held = 0;
        while (held < chain.Blocks.Count && _entries.ContainsKey(chain.Blocks[held].Key))
        {
            held++;
        }

        return held;
    }

    /// <summary>Whether it holds a block.</summary>
    public bool Holds(KvBlock block) => _entries.ContainsKey(block.Key);

    /// <summary>Finds the state of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="state">Its state, valid until the pool is used again.</param>
    public bool TryFind(KvBlock block, out ReadOnlyMemory<byte> state)
    {
        bool found = _entries.TryGetValue(block.Key, out LinkedListNode<Entry>? node);
        state = found ? node!.Value.State : default;
        return found;
    }

    /// <summary>Marks the first blocks of a chain as used now. Deeper ones are useless without them, so they are evicted before them.</summary>
    public void Touch(KvChain chain, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            if (_entries.TryGetValue(chain.Blocks[i].Key, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
            }
        }
    }

    /// <summary>Adds a block, and evicts others if necessary.</summary>
    /// <param name="block">The block.</param>
    /// <param name="state">Its state.</param>
    /// <param name="owner">Owns the memory of the state. The pool disposes of it: at once if it holds the block already.</param>
    public void Add(KvBlock block, ReadOnlyMemory<byte> state, IDisposable owner)
    {
        if (_entries.ContainsKey(block.Key) || state.Length > maxBytes)
        {
            owner.Dispose();
            return;
        }

        while (Bytes + state.Length > maxBytes)
        {
            Evict(_byUse.First!);
        }

        _entries.Add(block.Key, _byUse.AddLast(new Entry(block.Key, state, owner)));
        Bytes += state.Length;
    }

    /// <summary>Removes the blocks of a chain.</summary>
    public void Remove(KvChain chain)
    {
        foreach (KvBlock block in chain.Blocks)
        {
            if (_entries.TryGetValue(block.Key, out LinkedListNode<Entry>? node))
            {
                Evict(node);
            }
        }
    }

    /// <summary>Frees all states.</summary>
    public void Dispose()
    {
        while (_byUse.First is { } node)
        {
            Evict(node);
        }
    }

    private void Evict(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Key);
        Bytes -= node.Value.State.Length;
        node.Value.Owner.Dispose();
    }

    private sealed record Entry(KvBlockKey Key, ReadOnlyMemory<byte> State, IDisposable Owner);
}
