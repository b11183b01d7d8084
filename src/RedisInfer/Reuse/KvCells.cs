using RedisInfer.Inference;

namespace RedisInfer.Reuse;

/// <summary>
/// Owns a context with its cells and sequence ids, and the retained prefixes of ended requests. Nothing else takes or frees a cell or
/// an id. Used by the decode thread alone.
/// </summary>
internal sealed class KvCells : IDisposable
{
    /// <summary>
    /// Sequence ids besides those of requests and retained prefixes: scratch, parking, and one for a passage that is computed apart.
    /// </summary>
    internal const int OwnSequences = 3;

    private readonly IInferenceModel _model;
    private readonly ContextOptions _options;
    private readonly int _maxRetained;
    private readonly PrefixCache _retained = new();
    private readonly Stack<int> _freeIds = new();
    private int _freeCells;

    /// <summary>Creates the context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The context's limits; <see cref="ContextOptions.MaxSequences"/> requests run at once.</param>
    /// <param name="retainedPrefixes">Most prefixes of ended requests to retain.</param>
    /// <exception cref="Errors.RedisInferException">The context cannot be created.</exception>
    public KvCells(IInferenceModel model, ContextOptions options, int retainedPrefixes)
    {
        _model = model;
        _options = options with { MaxSequences = options.MaxSequences + retainedPrefixes + OwnSequences };
        _maxRetained = retainedPrefixes;
        Context = model.CreateContext(_options);
        _freeCells = Context.ContextSize;
        for (int id = ParkingId - 1; id >= 0; id--)
        {
            _freeIds.Push(id);
        }
    }

    /// <summary>The context. <see cref="Rebuild"/> replaces it.</summary>
    public IInferenceContext Context { get; private set; }

    /// <summary>The sequence through which states are saved and loaded; no request runs in it.</summary>
    public int ScratchId => Context.MaxSequences - 1;

    /// <summary>The sequence that holds passages that were shifted to their final positions.</summary>
    public int ParkingId => Context.MaxSequences - 2;

    /// <summary>Retained prefixes, least recently used first.</summary>
    public IReadOnlyList<SequencePrefix> Retained => _retained.Entries;

    /// <summary>Cells of retained prefixes.</summary>
    public int RetainedCells => _retained.Cells;

    /// <summary>Cells that are neither free nor retained.</summary>
    public int ReservedCells => Context.ContextSize - _freeCells - _retained.Cells;

    /// <summary>Makes sure that a sequence id and a number of cells are free. Evicts retained prefixes if necessary.</summary>
    /// <returns>Whether they are.</returns>
    public bool TryMakeRoom(int cells) => TryMakeId() && TryMakeCells(cells);

    /// <summary>Takes free cells. Call <see cref="TryMakeRoom"/> before.</summary>
    public void Reserve(int cells) => _freeCells -= cells;

    /// <summary>Gives cells back.</summary>
    public void Release(int cells) => _freeCells += cells;

    /// <summary>Takes a free sequence id. Evicts a retained prefix if necessary.</summary>
    /// <returns>The id; <see langword="null"/> if none can be freed.</returns>
    public int? TakeId() => TryMakeId() ? _freeIds.Pop() : null;

    /// <summary>Gives a sequence id back.</summary>
    public void ReturnId(int id) => _freeIds.Push(id);

    /// <summary>Marks a prefix as used now, if it is a retained one.</summary>
    public void Touch(SequencePrefix prefix) => _retained.Use(prefix);

    /// <summary>Ends a track whose cells were released. Retains its prefix if possible; if not, frees the sequence id.</summary>
    public void Leave(KvTrack track)
    {
        if (!TryRetain(track))
        {
            Context.RemoveSequence(track.Id);
            _freeIds.Push(track.Id);
        }
    }

    /// <summary>Re-creates the context, empty. Retained prefixes are lost. Running requests keep their ids and reserved cells.</summary>
    /// <exception cref="Errors.RedisInferException">The context cannot be created.</exception>
    public void Rebuild()
    {
        Context.Dispose();
        Context = _model.CreateContext(_options);
        foreach (SequencePrefix prefix in _retained.Entries.ToArray())
        {
            Forget(prefix);
        }
    }

    public void Dispose() => Context.Dispose();

    /// <returns>Whether the prefix is retained, so that its sequence id stays in use.</returns>
    private bool TryRetain(KvTrack track)
    {
        if (track.Prefix is not { BlockCount: > 0 } prefix || _maxRetained == 0 || _retained.Covers(prefix))
        {
            return false;
        }

        while (_retained.FindBeginningOf(prefix) is { } shorter)
        {
            prefix.NextToSave = Math.Max(prefix.NextToSave, shorter.NextToSave);
            Evict(shorter);
        }

        if (!TryMakeCells(prefix.Cells))
        {
            return false;
        }

        Context.RemoveSequence(track.Id, prefix.Cells);
        _retained.Add(prefix);
        _freeCells -= prefix.Cells;
        return true;
    }

    private bool TryMakeId()
    {
        if (_freeIds.Count == 0 && _retained.Entries.Count > 0)
        {
            Evict(_retained.Entries[0]);
        }

        return _freeIds.Count > 0;
    }

    private bool TryMakeCells(int cells)
    {
        while (_freeCells < cells && _retained.Entries.Count > 0)
        {
            Evict(_retained.Entries[0]);
        }

        return _freeCells >= cells;
    }

    private void Evict(SequencePrefix prefix)
    {
        Context.RemoveSequence(prefix.Id);
        Forget(prefix);
    }

    private void Forget(SequencePrefix prefix)
    {
        _retained.Remove(prefix);
        _freeIds.Push(prefix.Id);
        _freeCells += prefix.Cells;
    }
}
