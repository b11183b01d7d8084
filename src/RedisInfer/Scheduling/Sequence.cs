using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// A request and how far it has come: its tokens, prompt and answer in one row, and how many of them are in the KV cache. The
/// decode loop owns it; only <see cref="Cancel"/> may be called from other threads.
/// </summary>
internal sealed class Sequence
{
    private readonly int[] _tokens;
    private int _count;
    private volatile bool _cancelled;

    public Sequence(GenerationRequest request, GenerationStream stream, QueuePlace place, long submittedTimestamp)
    {
        Request = request;
        Stream = stream;
        Place = place;
        SubmittedTimestamp = submittedTimestamp;
        Text = new TextAssembler(request.StopSequences);
        _tokens = new int[ReservedCells];
        request.Prompt.CopyTo(_tokens, 0);
        _count = request.Prompt.Length;
    }

    public GenerationRequest Request { get; }

    public GenerationStream Stream { get; }

    /// <summary>Its place in the queue, until it runs.</summary>
    public QueuePlace Place { get; }

    public TextAssembler Text { get; }

    public ISampler? Sampler { get; set; }

    public long SubmittedTimestamp { get; }

    public long AdmittedTimestamp { get; set; }

    /// <summary>From the call to its admission.</summary>
    public TimeSpan QueueTime { get; set; }

    public long ReusedTimestamp { get; set; }

    public long FirstTokenTimestamp { get; set; }

    /// <summary>The blocks of its prompt that may be reused, in its own KV cells; null where reuse is off.</summary>
    public SequencePrefix? Prefix { get; set; }

    public ReuseState Reuse { get; set; } = ReuseState.Done;

    /// <summary>What brings its stored blocks, while it does.</summary>
    public KvRestore? Restore { get; set; }

    /// <summary>Prompt tokens that were not computed, because their states were there.</summary>
    public int ReusedTokens { get; set; }

    /// <summary>Those of them that came from the store.</summary>
    public int RestoredTokens { get; set; }

    public long RestoredBytes { get; set; }

    public string? RestoreStrategy { get; set; }

    public string? RestoreReason { get; set; }

    /// <summary>Its sequence id in the context while it runs.</summary>
    public int Id { get; set; }

    /// <summary>Tokens of it in the KV cache.</summary>
    public int CachedCount { get; set; }

    public int GeneratedCount => _count - Request.Prompt.Length;

    /// <summary>Tokens to decode before the next one can be chosen: one while it generates, more while its prompt is read.</summary>
    public ReadOnlySpan<int> Pending => _tokens.AsSpan(CachedCount, _count - CachedCount);

    /// <summary>Whether it waits for its next token, and its reader for it.</summary>
    public bool IsGenerating => Reuse == ReuseState.Done && Pending.Length == 1 && Stream.HasRoom;

    /// <summary>Whether its prompt is being read.</summary>
    public bool IsReading => Reuse == ReuseState.Done && Pending.Length > 1 && Stream.HasRoom;

    /// <summary>Number of the last step it had rows in.</summary>
    public long LastStep { get; set; }

    /// <summary>Rows it has in the batch under way; written by the loop, read by who cancels.</summary>
    public int RowCount { get; set; }

    /// <summary>Its row that asked for logits; -1 where it has none.</summary>
    public int OutputRow { get; set; }

    /// <summary>KV cells it can reach: its whole prompt and all it may generate.</summary>
    public int ReservedCells => Request.Prompt.Length + Request.MaxOutputTokens;

    public bool Cancelled => _cancelled;

    public void Append(int token) => _tokens[_count++] = token;

    public void Cancel() => _cancelled = true;
}
