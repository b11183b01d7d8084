namespace RedisInfer;

/// <summary>How far getting ready has come.</summary>
/// <param name="Stage">The step under way.</param>
/// <param name="Share">How much of the step is done, 0 to 1.</param>
public readonly record struct WarmUpProgress(WarmUpStage Stage, float Share);
