namespace RedisInfer.Evaluation;

/// <summary>What retrieval finds on questions with known answers.</summary>
public sealed class RetrievalEvaluation
{
    /// <summary>Number of questions that some document answers.</summary>
    public required int Answerable { get; init; }

    /// <summary>Number of questions that no document answers.</summary>
    public required int Unanswerable { get; init; }

    /// <summary>
    /// The figures: by words, by embedding, and by both. Without an embedding, by words alone.
    /// </summary>
    public required IReadOnlyList<RetrievalFigures> Modes { get; init; }
}
