namespace RedisInfer.Evaluation;

/// <summary>What independent passages cost in answers.</summary>
public sealed class PassageEvaluation
{
    /// <summary>Questions compared.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions for which nothing was found; they are in no figure.</summary>
    public required int WithoutPassages { get; init; }

    /// <summary>One entry per setting, in the order asked for.</summary>
    public required IReadOnlyList<PassageFigures> Settings { get; init; }
}
