namespace RedisInfer.Reuse;

/// <summary>
/// Prefixes of ended requests that are retained in the context until their cells or ids are needed, the least recently used evicted first.
/// Keeps the list only; <see cref="KvCells"/> owns the cells.
/// </summary>
internal sealed class PrefixCache
{
    private readonly List<SequencePrefix> _entries = [];

    /// <summary>The prefixes, used longest ago first.</summary>
    public IReadOnlyList<SequencePrefix> Entries => _entries;

    /// <summary>KV cells of all of them; those they share count for each.</summary>
    public int Cells { get; private set; }

    /// <summary>Whether a prefix that holds all of another's blocks is here; it counts as used then.</summary>
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

    /// <summary>The prefix of which another is the longer form, if there is one: it has nothing of its own.</summary>
    public SequencePrefix? FindBeginningOf(SequencePrefix longer) =>
        _entries.Find(entry => entry.BlockCount <= longer.BlockCount && entry.Chain.CountCommon(longer.Chain, entry.BlockCount) == entry.BlockCount);
}
