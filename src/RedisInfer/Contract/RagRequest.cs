namespace RedisInfer;

/// <summary>A question, and how to answer it. What is not set comes from <see cref="RedisInferOptions"/>.</summary>
/// <param name="Question">The question as the user wrote it; control tokens in it are plain text.</param>
public sealed record RagRequest(string Question)
{
    /// <summary>Most passages to retrieve.</summary>
    public int? TopK { get; init; }

    /// <summary>Least cosine similarity of a passage, -1 to 1.</summary>
    public float? MinScore { get; init; }

    /// <summary>How passages are looked for.</summary>
    public RetrievalMode? Retrieval { get; init; }

    /// <summary>Which documents may give passages; <see langword="null"/>: all.</summary>
    public RagFilter? Filter { get; init; }

    /// <summary>Chunks before and after each passage found that are given too, as far as they fit.</summary>
    public int? Neighbors { get; init; }

    /// <summary>Most tokens to generate.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Whose question it is, for example a user or a tenant: where requests wait, callers take turns, so that one who sends many keeps
    /// nobody else waiting. Requests without a caller count as one caller's.
    /// </summary>
    public string Caller { get; init; } = "";

    /// <summary>Requests that a turn of the caller may start, 1 to 100: a caller with 3 gets three times as much as one with 1.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>When the attention state of a passage counts as the one that the prompt needs.</summary>
    public PassageReuse? PassageReuse { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>The answer ends before the first of these; empty strings are refused.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];
}
