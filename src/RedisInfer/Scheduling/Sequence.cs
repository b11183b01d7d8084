using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// A request and how far it has come. The decode loop owns it from admission to release; only <see cref="Cancel"/> may be
/// called from other threads.
/// </summary>
internal sealed class Sequence(GenerationRequest request, GenerationStream stream, long enqueuedTimestamp)
{
    private volatile bool _cancelled;

    public GenerationRequest Request { get; } = request;

    public GenerationStream Stream { get; } = stream;

    public TextAssembler Text { get; } = new(request.StopSequences);

    public ISampler? Sampler { get; set; }

    public long EnqueuedTimestamp { get; } = enqueuedTimestamp;

    public long AdmittedTimestamp { get; set; }

    public long FirstTokenTimestamp { get; set; }

    /// <summary>Its sequence id in the context while it runs.</summary>
    public int Id { get; set; }

    /// <summary>Tokens of it in the KV cache.</summary>
    public int CachedCount { get; set; }

    public int GeneratedCount { get; set; }

    /// <summary>The token chosen last, which the next step decodes.</summary>
    public int LastToken { get; set; }

    /// <summary>Rows it has in the batch under way.</summary>
    public int RowCount { get; set; }

    /// <summary>Its row that asked for logits; -1 where it has none.</summary>
    public int OutputRow { get; set; }

    /// <summary>KV cells it can reach: its whole prompt and all it may generate.</summary>
    public int ReservedCells => Request.Prompt.Length + Request.MaxOutputTokens;

    public bool InPrefill => CachedCount < Request.Prompt.Length;

    public bool Cancelled => _cancelled;

    public void Cancel() => _cancelled = true;
}
