namespace RedisInfer;

/// <summary>Where a request's time went. Steps that did not happen are zero.</summary>
public sealed class RagTimings
{
    /// <summary>Waiting for a place in the batch.</summary>
    public TimeSpan Queue { get; init; }

    /// <summary>Embedding the question.</summary>
    public TimeSpan Embed { get; init; }

    /// <summary>Searching the index.</summary>
    public TimeSpan Retrieve { get; init; }

    /// <summary>Loading the passages found.</summary>
    public TimeSpan Load { get; init; }

    /// <summary>Finding attention states that were computed before, and restoring them.</summary>
    public TimeSpan Restore { get; init; }

    /// <summary>Reading the rest of the prompt: from the first slice of it to the first token.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>From the call to the first token (TTFT).</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Decode { get; init; }

    /// <summary>From the call to the end.</summary>
    public TimeSpan Total { get; init; }
}
