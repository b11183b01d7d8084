namespace RedisInfer.Benchmarks.Load;

/// <summary>The prompt of an answered question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Text">The whole prompt, with the names of control tokens.</param>
/// <param name="Tokens">The whole prompt.</param>
/// <param name="AnswerTokens">Number of tokens of the answer.</param>
internal sealed record AnsweredPrompt(string Question, string Text, int[] Tokens, int AnswerTokens);
