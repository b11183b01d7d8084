namespace RedisInfer;

/// <summary>Progress of <see cref="RagRuntime.WarmUpAsync"/>.</summary>
/// <param name="Stage">The current stage.</param>
/// <param name="Share">Completed share of the stage, 0 to 1.</param>
public readonly record struct WarmUpProgress(WarmUpStage Stage, float Share);
