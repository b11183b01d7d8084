namespace RedisInfer;

/// <summary>What came of a prompt in a trial.</summary>
/// <param name="FirstLogits">Logits of the answer's first token, one a token of the vocabulary.</param>
/// <param name="Tokens">The answer.</param>
/// <param name="Text">Its text.</param>
/// <param name="ReusedShare">Share of the prompt's tokens that were not computed in their place, 0 to 1.</param>
internal sealed record TrialAnswer(float[] FirstLogits, int[] Tokens, string Text, double ReusedShare);
