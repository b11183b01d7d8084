using RedisInfer.Prompting;
using RedisInfer.Scheduling;

namespace RedisInfer.Answering;

/// <summary>A prompt with all that its answer is to be.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Completion">The prompt and the settings of its continuation.</param>
/// <param name="Format">The format of the answer; <see langword="null"/>: text.</param>
internal sealed record PreparedAnswer(Prompt Prompt, CompletionRequest Completion, RagResponseFormat? Format);
