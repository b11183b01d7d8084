namespace RedisInfer.Scheduling;

/// <summary>How things stand with the requests of a runtime, at one moment.</summary>
public sealed record SchedulerStatus
{
    /// <summary>Requests that hold a place in the queue or wait for one.</summary>
    public int Waiting { get; init; }

    /// <summary>Requests being answered.</summary>
    public int Running { get; init; }

    /// <summary>Tokens computed in the step last begun.</summary>
    public int LastBatchSize { get; init; }

    /// <summary>Tokens generated per second for all requests together, over the last five seconds.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>KV cells of the context, in tokens.</summary>
    public int KvCells { get; init; }

    /// <summary>KV cells that running requests can reach.</summary>
    public int KvCellsReserved { get; init; }

    /// <summary>KV cells of running requests that hold a token.</summary>
    public int KvCellsUsed { get; init; }

    /// <summary>KV cells kept from ended requests, for others that begin alike; given up when they are needed.</summary>
    public int KvCellsRetained { get; init; }

    /// <summary>Requests answered so far.</summary>
    public long Answered { get; init; }

    /// <summary>Requests ended by their callers so far.</summary>
    public long Cancelled { get; init; }

    /// <summary>Requests that an error ended so far.</summary>
    public long Failed { get; init; }

    /// <summary>Requests refused so far because the queue was full.</summary>
    public long Refused { get; init; }
}
