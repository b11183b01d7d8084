namespace RedisInfer;

/// <summary>How passages are found.</summary>
public sealed class RetrievalOptions
{
    /// <summary>Most passages to retrieve for a question, 1 to 100.</summary>
    public int TopK { get; set; } = 5;

    /// <summary>
    /// Minimum score of a passage, -1 to 1. The default, <see langword="null"/>, is 0.05 with an embedding. By words alone it is 0.33, and
    /// the question is declined if the best passage scores below 0.4.
    /// </summary>
    public float? MinScore { get; set; }

    /// <summary>What is searched. Without an embedding, every mode but <see cref="RetrievalMode.Vector"/> searches words alone.</summary>
    public RetrievalMode Mode { get; set; }

    /// <summary>Chunks before and after each passage that are given to the model too, as far as they fit into the context, 0 to 10.</summary>
    public int Neighbors { get; set; }

    /// <summary>Most passages that a re-ranker chooses from, 1 to 100. No effect without a re-ranker.</summary>
    public int RerankCandidates { get; set; } = 20;

    /// <summary>
    /// Memory for vectors in this process, in bytes. A corpus whose vectors fit is searched here, exactly. That takes 2 bytes a number: the
    /// default of 256 MiB holds 340,000 chunks of 384 dimensions. A larger corpus is searched by the server, approximately. If the server
    /// cannot search vectors, they are always searched here. 0: the server searches whenever it can.
    /// </summary>
    public long VectorMemoryBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Text that is put before a question when it is embedded. <see langword="null"/>: what the model at
    /// <see cref="RedisInferOptions.EmbeddingModelPath"/> is known to expect, and nothing for an embedding generator of the host.
    /// </summary>
    public string? QueryPrefix { get; set; }

    /// <summary>Text that is put before a text of a document when it is embedded; as <see cref="QueryPrefix"/>.</summary>
    public string? DocumentPrefix { get; set; }

    internal IEnumerable<string> Validate()
    {
        foreach (string problem in FindProblems(TopK, MinScore, Mode, Neighbors))
        {
            yield return problem;
        }

        if (RerankCandidates is < 1 or > 100)
        {
            yield return $"RerankCandidates is {RerankCandidates}: give 1 to 100 passages.";
        }

        if (VectorMemoryBytes < 0)
        {
            yield return $"VectorMemoryBytes is {VectorMemoryBytes}: give 0 (the server searches) or more.";
        }
    }

    /// <summary>Checks the settings that a request may override.</summary>
    /// <returns>One sentence per problem. A setting that is not set is no problem.</returns>
    internal static IEnumerable<string> FindProblems(int? topK, float? minScore, RetrievalMode? mode, int? neighbors)
    {
        if (topK is < 1 or > 100)
        {
            yield return $"TopK is {topK}: give 1 to 100 passages.";
        }

        if (minScore is not (null or (>= -1 and <= 1)))
        {
            yield return $"MinScore is {minScore}: give a cosine similarity of -1 to 1.";
        }

        if (mode is { } known && !Enum.IsDefined(known))
        {
            yield return $"Mode is {known}: give Hybrid, Lexical or Vector.";
        }

        if (neighbors is < 0 or > 10)
        {
            yield return $"Neighbors is {neighbors}: give 0 to 10 chunks on each side.";
        }
    }
}
