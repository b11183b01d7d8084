namespace RedisInfer;

/// <summary>Durations of the stages of a request. A stage that did not happen is zero.</summary>
public sealed class RagTimings
{
    /// <summary>Wait in the queue.</summary>
    public TimeSpan Queue { get; init; }

    /// <summary>Rewriting of the question by the model before the search, with its wait in the queue.</summary>
    public TimeSpan Rewrite { get; init; }

    /// <summary>Embedding of the question.</summary>
    public TimeSpan Embed { get; init; }

    /// <summary>Search in the index.</summary>
    public TimeSpan Retrieve { get; init; }

    /// <summary>Loading of the retrieved passages.</summary>
    public TimeSpan Load { get; init; }

    /// <summary>Re-ranking of the retrieved passages.</summary>
    public TimeSpan Rerank { get; init; }

    /// <summary>
    /// What the way to another host and back has added to <see cref="FirstToken"/>, with the time that was lost with hosts that did not answer.
    /// </summary>
    public TimeSpan Route { get; init; }

    /// <summary>Lookup of cached KV states, and their restore.</summary>
    public TimeSpan Restore { get; init; }

    /// <summary>Prefill of the rest of the prompt: from its first slice to the first generated token.</summary>
    public TimeSpan Prefill { get; init; }

    /// <summary>From the call to the first generated token (TTFT).</summary>
    public TimeSpan FirstToken { get; init; }

    /// <summary>From the first generated token to the last.</summary>
    public TimeSpan Decode { get; init; }

    /// <summary>From the call to the end of the answer.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>The same durations with those that only the caller knows.</summary>
    internal RagTimings With(TimeSpan route, TimeSpan firstToken, TimeSpan total) => new()
    {
        Queue = Queue,
        Rewrite = Rewrite,
        Embed = Embed,
        Retrieve = Retrieve,
        Load = Load,
        Rerank = Rerank,
        Route = route,
        Restore = Restore,
        Prefill = Prefill,
        FirstToken = firstToken,
        Decode = Decode,
        Total = total,
    };
}
