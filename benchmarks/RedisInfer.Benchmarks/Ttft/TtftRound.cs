namespace RedisInfer.Benchmarks.Ttft;

/// <summary>The same question under every circumstance, once.</summary>
/// <param name="Off">Reuse off.</param>
/// <param name="Cold">Reuse on, nothing there.</param>
/// <param name="Warm">Asked again in the same process.</param>
/// <param name="OtherQuestion">Another question over the same passages, in the same process.</param>
/// <param name="Restart">Asked after everything, an embedded server included, was ended and started again.</param>
/// <param name="ChangedPassage">Asked after the fourth of five passages has changed.</param>
internal sealed record TtftRound(
    TtftMeasurement Off,
    TtftMeasurement Cold,
    TtftMeasurement Warm,
    TtftMeasurement OtherQuestion,
    TtftMeasurement Restart,
    TtftMeasurement ChangedPassage);
