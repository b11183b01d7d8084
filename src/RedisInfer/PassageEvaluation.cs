namespace RedisInfer;

/// <summary>What computing passages without each other would cost in answers.</summary>
/// <param name="Questions">Questions compared.</param>
/// <param name="WithoutPassages">Questions for which nothing was found; they are in no figure.</param>
/// <param name="Settings">One entry per setting, in the order asked for.</param>
public sealed record PassageEvaluation(int Questions, int WithoutPassages, IReadOnlyList<PassageFigures> Settings);
