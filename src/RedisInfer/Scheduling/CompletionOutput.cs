namespace RedisInfer.Scheduling;

/// <summary>What a model said, for those who look closer than its text.</summary>
/// <param name="FirstLogits">Logits of the first token, one a token of the vocabulary.</param>
/// <param name="Tokens">The tokens, the one that ended the text included.</param>
internal sealed record CompletionOutput(float[] FirstLogits, int[] Tokens);
