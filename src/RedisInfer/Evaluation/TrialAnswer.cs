using RedisInfer.Scheduling;

namespace RedisInfer.Evaluation;

/// <summary>What came of a prompt in a trial.</summary>
/// <param name="Output">What the model said.</param>
/// <param name="Text">Its text.</param>
/// <param name="ReusedShare">Share of the prompt's tokens that need not be computed once its passages are there, 0 to 1.</param>
internal sealed record TrialAnswer(CompletionOutput Output, string Text, double ReusedShare);
