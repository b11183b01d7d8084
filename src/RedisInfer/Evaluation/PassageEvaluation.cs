namespace RedisInfer.Evaluation;

/// <summary>How independent passages change answers.</summary>
public sealed class PassageEvaluation
{
    /// <summary>Number of compared questions.</summary>
    public required int Questions { get; init; }

    /// <summary>Number of questions for which no passage was retrieved. They are in no figure.</summary>
    public required int WithoutPassages { get; init; }

    /// <summary>One entry per setting, in the requested order.</summary>
    public required IReadOnlyList<PassageFigures> Settings { get; init; }
}
