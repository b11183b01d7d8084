namespace RedisInfer.Scheduling;

/// <summary>The raw output of a generation, for callers that need more than its text.</summary>
/// <param name="FirstLogits">Logits for the first token, one per token of the vocabulary.</param>
/// <param name="Tokens">The generated tokens, including the one that ended the text.</param>
internal sealed record CompletionOutput(float[] FirstLogits, int[] Tokens);
