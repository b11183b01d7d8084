using RedisInfer.Scheduling;

namespace RedisInfer.Evaluation;

/// <summary>Result of a prompt in a trial.</summary>
/// <param name="Output">The model's output.</param>
/// <param name="Text">Text of the answer.</param>
/// <param name="ReusedShare">Share of the prompt's tokens that need not be computed once its passages are cached, 0 to 1.</param>
internal sealed record TrialAnswer(CompletionOutput Output, string Text, double ReusedShare);
