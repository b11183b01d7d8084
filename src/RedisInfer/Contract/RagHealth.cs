namespace RedisInfer;

/// <summary>What a look at a runtime has found.</summary>
public sealed class RagHealth
{
    /// <summary>The worst that was found.</summary>
    public required RagHealthState State { get; init; }

    /// <summary>One sentence for each thing that is wrong, and what to do; empty if nothing is.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>
    /// Figures by name: numbers, texts and booleans. What could not be found out is missing. The names are <c>redis</c>, <c>redis_ping_ms</c>,
    /// <c>redis_used_bytes</c>, <c>redis_limit_bytes</c>, <c>redis_eviction_policy</c>, <c>corpus</c>, <c>corpus_documents</c>,
    /// <c>corpus_match</c> (<c>yes</c>, <c>no</c>, <c>empty</c>, or <c>unknown</c> if nothing is loaded yet that tells), <c>model_loaded</c>,
    /// <c>running</c>, <c>waiting</c> and <c>queue_capacity</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, object> Data { get; init; }
}
