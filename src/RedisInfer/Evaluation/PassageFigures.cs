namespace RedisInfer.Evaluation;

/// <summary>Compares answers from independent passages with those from exact prompts, over all questions. Shares are 0 to 1.</summary>
public sealed class PassageFigures
{
    /// <summary>How the passages were computed.</summary>
    public required PassageSetting Setting { get; init; }

    /// <summary>Share of a prompt's tokens that need not be computed once its passages are cached; the mean.</summary>
    public required double ReusedShare { get; init; }

    /// <summary>Share of answers that are the same, token by token, with greedy sampling.</summary>
    public required double SameAnswers { get; init; }

    /// <summary>Share of answers that cite the same passages.</summary>
    public required double SameCitations { get; init; }

    /// <summary>Share of answers whose first token is the same.</summary>
    public required double SameFirstTokens { get; init; }

    /// <summary>
    /// Mean Kullback-Leibler divergence of the first token's distribution from the exact one, in nats; 0 if they are equal.
    /// </summary>
    public required double MeanDivergence { get; init; }

    /// <summary>The largest such divergence.</summary>
    public required double LargestDivergence { get; init; }
}
