namespace RedisInfer;

/// <summary>Status of a runtime at one moment. All figures are 0 until the model that generates answers is loaded.</summary>
public sealed record RagStatus
{
    /// <summary>Whether the model that generates answers is loaded.</summary>
    public bool IsReady { get; init; }

    /// <summary>
    /// The memory that the runtime needs and may use, as text for a person; <see langword="null"/> until it is calculated.
    /// </summary>
    public string? Memory { get; init; }

    /// <summary>Requests that have a place in the queue or wait for one.</summary>
    public int Waiting { get; init; }

    /// <summary>Requests that run now.</summary>
    public int Running { get; init; }

    /// <summary>Tokens computed in the latest step.</summary>
    public int LastBatchSize { get; init; }

    /// <summary>Tokens generated per second by all requests together, over the last five seconds.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>KV cells of the context; one per token.</summary>
    public int KvCells { get; init; }

    /// <summary>KV cells reserved for running requests.</summary>
    public int KvCellsReserved { get; init; }

    /// <summary>KV cells of running requests that hold a token.</summary>
    public int KvCellsUsed { get; init; }

    /// <summary>Bytes of KV states that are kept in memory outside the context, for later requests with the same prefix.</summary>
    public long KvPoolBytes { get; init; }

    /// <summary>Bytes of memory for the words and vectors of the corpus in this process, estimated; 0 until they are loaded.</summary>
    public long SearchBytes { get; init; }

    /// <summary>Requests answered so far.</summary>
    public long Answered { get; init; }

    /// <summary>Requests canceled by their callers so far.</summary>
    public long Cancelled { get; init; }

    /// <summary>Requests that failed so far.</summary>
    public long Failed { get; init; }

    /// <summary>Requests refused so far because the queue was full.</summary>
    public long Refused { get; init; }
}
