namespace RedisInfer;

/// <summary>Which passages are retrieved.</summary>
public sealed class RetrievalOptions
{
    /// <summary>Most passages for a question, 1 to 100. Default: 5.</summary>
    public int TopK { get; set; } = 5;

    /// <summary>
    /// Minimum score of a passage, -1 to 1. Default: <see langword="null"/>. With words only that means 0.33, and no passage is retrieved if
    /// the best one scores below 0.43. With an embedding it means what was learned while the corpus was indexed: how near chunks are to
    /// questions about something else.
    /// </summary>
    public float? MinScore { get; set; }

    /// <summary>
    /// How passages are searched. Default: <see cref="RetrievalMode.Hybrid"/>. Without an embedding, Hybrid and Lexical search words only,
    /// and <see cref="RetrievalMode.Vector"/> is an error.
    /// </summary>
    public RetrievalMode Mode { get; set; }

    /// <summary>How passages are searched for a question with a history. Default: <see cref="FollowUpSearch.WithHistory"/>.</summary>
    public FollowUpSearch FollowUp { get; set; }

    /// <summary>Neighbors: chunks before and after each passage that are added to the prompt if they fit, 0 to 10. Default: 0.</summary>
    public int Neighbors { get; set; }

    /// <summary>Passages that a re-ranker chooses from, 1 to 100. No effect without a re-ranker. Default: 20.</summary>
    public int RerankCandidates { get; set; } = 20;

    /// <summary>
    /// Memory for vectors in this process, in bytes; 0 or more. Default: 256 MiB.
    /// <list type="bullet">
    /// <item>A corpus whose vectors fit is searched in this process, exactly.</item>
    /// <item>A larger corpus is searched by the server, approximately.</item>
    /// <item>If the server cannot search vectors, they are always searched in this process.</item>
    /// <item>0: the server searches whenever it can.</item>
    /// </list>
    /// A vector takes 2 bytes per number: 256 MiB hold 340,000 chunks of 384 dimensions.
    /// </summary>
    public long VectorMemoryBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Text that is put before a question when it is embedded. Default: <see langword="null"/>. For the model at
    /// <see cref="RedisInferOptions.EmbeddingModelPath"/> that means the prefix this model is known to expect. For an embedding generator
    /// of the host it means none.
    /// </summary>
    public string? QueryPrefix { get; set; }

    /// <summary>Text that is put before a chunk when it is embedded. Default: as for <see cref="QueryPrefix"/>.</summary>
    public string? DocumentPrefix { get; set; }

    internal IEnumerable<string> Validate()
    {
        foreach (string problem in FindProblems(TopK, MinScore, Mode, Neighbors, FollowUp))
        {
            yield return problem;
        }

        if (RerankCandidates is < 1 or > 100)
        {
            yield return $"RerankCandidates is {RerankCandidates}: set it to 1 to 100 passages.";
        }

        if (VectorMemoryBytes < 0)
        {
            yield return $"VectorMemoryBytes is {VectorMemoryBytes}: set it to 0 (the server searches) or more.";
        }
    }

    /// <summary>Checks the settings that a request may override.</summary>
    /// <returns>One sentence per problem. <see langword="null"/> is valid.</returns>
    internal static IEnumerable<string> FindProblems(
        int? topK, float? minScore, RetrievalMode? mode, int? neighbors, FollowUpSearch? followUp)
    {
        if (topK is < 1 or > 100)
        {
            yield return $"TopK is {topK}: set it to 1 to 100 passages.";
        }

        if (minScore is not (null or (>= -1 and <= 1)))
        {
            yield return $"MinScore is {minScore}: set it to a cosine similarity of -1 to 1.";
        }

        if (mode is { } known && !Enum.IsDefined(known))
        {
            yield return $"Mode is {known}: set it to Hybrid, Lexical or Vector.";
        }

        if (followUp is { } search && !Enum.IsDefined(search))
        {
            yield return $"FollowUp is {search}: set it to WithHistory, Rewritten or QuestionOnly.";
        }

        if (neighbors is < 0 or > 10)
        {
            yield return $"Neighbors is {neighbors}: set it to 0 to 10 chunks on each side.";
        }
    }
}
