namespace RedisInfer.Llama;

/// <summary>The limits that a context was created with.</summary>
internal sealed record ContextLimits
{
    /// <summary>Number of KV cells.</summary>
    internal required int ContextSize { get; init; }

    /// <summary>Number of KV cells that one sequence can have.</summary>
    internal required int SequenceLength { get; init; }

    /// <summary>Number of streams of cells: 1, or one for each sequence.</summary>
    internal required int Streams { get; init; }

    /// <summary>Whether the memory is an attention KV cache, whose parts can be removed and saved.</summary>
    internal required bool CanSplit { get; init; }

    /// <summary>Maximum number of tokens in a batch.</summary>
    internal required int BatchSize { get; init; }

    /// <summary>Number of sequences that the caller can use.</summary>
    internal required int MaxSequences { get; init; }

    /// <summary>Maximum number of rows of a batch that may ask for output.</summary>
    internal required int MaxOutputRows { get; init; }

    /// <summary>One above the highest position.</summary>
    internal required int PositionLimit { get; init; }

    /// <summary>
    /// The extra sequence after the caller's, which shares the cells of the others. A token is decoded into it to apply pending shifts, and
    /// parts of states pass through it. <see langword="null"/> if there is none.
    /// </summary>
    internal required int? SpareSequence { get; init; }

    /// <summary>Whether each sequence gives one result, and nothing is kept between batches.</summary>
    internal required bool IsPooled { get; init; }

    /// <summary>Whether that result is a score, and not an embedding.</summary>
    internal required bool Ranking { get; init; }
}
