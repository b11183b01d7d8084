namespace RedisInfer.Benchmarks.Ttft;

/// <summary>One measurement of the same question in each situation.</summary>
/// <param name="Off">Reuse off.</param>
/// <param name="Cold">Reuse on, nothing cached.</param>
/// <param name="Warm">Asked again in the same process.</param>
/// <param name="OtherQuestion">Another question over the same passages, in the same process.</param>
/// <param name="Restart">Asked after everything was restarted, including an embedded server.</param>
/// <param name="ChangedPassage">Asked after the fourth of five passages was changed.</param>
internal sealed record TtftRound(
    TtftMeasurement Off,
    TtftMeasurement Cold,
    TtftMeasurement Warm,
    TtftMeasurement OtherQuestion,
    TtftMeasurement Restart,
    TtftMeasurement ChangedPassage);
