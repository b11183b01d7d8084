using RedisInfer.Inference;

namespace RedisInfer.Reuse;

/// <summary>
/// Owns a context with its cells and sequence ids. Only running requests are in it. Nothing else takes or frees a cell or an id. Used by
/// the decode thread alone.
/// </summary>
internal sealed class KvCells : IDisposable
{
    private readonly IInferenceModel _model;
    private readonly ContextOptions _options;

    // The lowest first. llama.cpp computes rows of several sequences in one pass only if no id between theirs is missing.
    private readonly SortedSet<int> _freeIds = [];
    private int _freeCells;

    /// <summary>Creates the context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The context's limits; <see cref="ContextOptions.MaxSequences"/> requests run at once.</param>
    /// <exception cref="Errors.RedisInferException">The context cannot be created.</exception>
    public KvCells(IInferenceModel model, ContextOptions options)
    {
        _model = model;
        _options = options;
        Context = model.CreateContext(_options);
        _freeCells = Context.ContextSize;
        _freeIds.UnionWith(Enumerable.Range(0, options.MaxSequences));
    }

    /// <summary>The context. <see cref="Rebuild"/> replaces it.</summary>
    public IInferenceContext Context { get; private set; }

    /// <summary>Cells that are not free.</summary>
    public int ReservedCells => Context.ContextSize - _freeCells;

    /// <summary>Whether a sequence id and a number of cells are free.</summary>
    public bool HasRoom(int cells) => _freeIds.Count > 0 && _freeCells >= cells;

    /// <summary>Takes a free sequence id.</summary>
    public int TakeId()
    {
        int id = _freeIds.Min;
        _freeIds.Remove(id);
        return id;
    }

    /// <summary>Gives a sequence id back.</summary>
    public void ReturnId(int id) => _freeIds.Add(id);

    /// <summary>Takes free cells.</summary>
    public void Reserve(int cells) => _freeCells -= cells;

    /// <summary>Gives cells back.</summary>
    public void Release(int cells) => _freeCells += cells;

    /// <summary>Re-creates the context, empty. Running requests keep their ids and reserved cells.</summary>
    /// <exception cref="Errors.RedisInferException">The context cannot be created.</exception>
    public void Rebuild()
    {
        Context.Dispose();
        Context = _model.CreateContext(_options);
    }

    public void Dispose() => Context.Dispose();
}
