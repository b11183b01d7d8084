namespace RedisInfer.Reuse;

/// <summary>
/// Prefixes of ended requests that are retained in the context until their cells or ids are needed. The least recently used is evicted
/// first. Keeps only the list: <see cref="KvCells"/> owns the cells.
/// </summary>
internal sealed class PrefixCache
{
    private readonly List<SequencePrefix> _entries = [];

    /// <summary>The prefixes, least recently used first.</summary>
    public IReadOnlyList<SequencePrefix> Entries => _entries;

    /// <summary>KV cells of all prefixes. Cells that several prefixes share are counted for each.</summary>
    public int Cells { get; private set; }

    /// <summary>Whether a retained prefix holds all blocks of another. If so, marks the retained one as used.</summary>
    public bool Covers(SequencePrefix prefix)
    {
        SequencePrefix? cover = _entries.Find(entry => entry.Chain.CountCommon(prefix.Chain, Math.Min(entry.BlockCount, prefix.BlockCount)) == prefix.BlockCount);
        if (cover is null)
        {
            return false;
        }

        Use(cover);
        return true;
    }

    /// <summary>Marks a prefix as used.</summary>
    public void Use(SequencePrefix entry)
    {
        if (_entries.Remove(entry))
        {
            _entries.Add(entry);
        }
    }

    /// <summary>Adds a prefix.</summary>
    public void Add(SequencePrefix prefix)
    {
        _entries.Add(prefix);
        Cells += prefix.Cells;
    }

    /// <summary>Removes a prefix.</summary>
    public void Remove(SequencePrefix prefix)
    {
        if (_entries.Remove(prefix))
        {
            Cells -= prefix.Cells;
        }
    }

    /// <summary>Finds a retained prefix whose blocks are all in a longer one, which makes it redundant.</summary>
    public SequencePrefix? FindBeginningOf(SequencePrefix longer) =>
        _entries.Find(entry => entry.BlockCount <= longer.BlockCount && entry.Chain.CountCommon(longer.Chain, entry.BlockCount) == entry.BlockCount);
}
