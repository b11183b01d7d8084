using RedisInfer.Scheduling;

namespace RedisInfer.Answering;

/// <summary>An answer in flight.</summary>
/// <param name="Passages">The passages in its prompt, numbered as in the prompt.</param>
/// <param name="PromptTokens">Number of tokens in its prompt.</param>
/// <param name="Stream">Its text, as it is generated.</param>
internal sealed record RunningAnswer(IReadOnlyList<RagPassage> Passages, int PromptTokens, CompletionStream Stream);
