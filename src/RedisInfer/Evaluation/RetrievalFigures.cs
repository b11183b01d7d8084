namespace RedisInfer.Evaluation;

/// <summary>What one way of searching finds.</summary>
public sealed class RetrievalFigures
{
    /// <summary>How passages were searched.</summary>
    public required RetrievalMode Mode { get; init; }

    /// <summary>Share of the answerable questions whose first passage is from a right document, 0 to 1.</summary>
    public required double RecallAt1 { get; init; }

    /// <summary>Share of the answerable questions with a passage from a right document among the first 5, 0 to 1.</summary>
    public required double RecallAt5 { get; init; }

    /// <summary>Share of the answerable questions with a passage from a right document among the first 10, 0 to 1.</summary>
    public required double RecallAt10 { get; init; }

    /// <summary>Number of questions without an answer for which no passage was retrieved.</summary>
    public required int DeclinedRightly { get; init; }

    /// <summary>Number of answerable questions for which no passage was retrieved.</summary>
    public required int DeclinedWrongly { get; init; }
}
