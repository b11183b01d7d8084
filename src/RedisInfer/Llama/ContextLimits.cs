namespace RedisInfer.Llama;

/// <summary>What a context was made for.</summary>
internal sealed record ContextLimits
{
    /// <summary>KV cells.</summary>
    internal required int ContextSize { get; init; }

    /// <summary>Tokens in a batch.</summary>
    internal required int BatchSize { get; init; }

    /// <summary>Sequences of the caller.</summary>
    internal required int MaxSequences { get; init; }

    /// <summary>Rows of a batch that may ask for output.</summary>
    internal required int MaxOutputRows { get; init; }

    /// <summary>One above the highest position.</summary>
    internal required int PositionLimit { get; init; }

    /// <summary>The sequence behind the caller's, into which a token is decoded to turn keys; <see langword="null"/> without one.</summary>
    internal required int? ShiftSequence { get; init; }

    /// <summary>Whether it computes embeddings.</summary>
    internal required bool Embeddings { get; init; }
}
