namespace RedisInfer.Prompting;

/// <summary>How thoughts in a generated text are told from the answer, and how long they may be.</summary>
/// <param name="Open">The form of the thought that the prompt has opened; <see langword="null"/>: none.</param>
/// <param name="MaxTokens">Most tokens of thoughts; then the thought is ended. <see langword="null"/>: no limit.</param>
internal sealed record ThoughtRules(ThoughtForm? Open, int? MaxTokens);
