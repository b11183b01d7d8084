namespace RedisInfer.Prompting;

/// <summary>What a chat template is rendered for.</summary>
/// <param name="EarlierTurns">Turns of question and answer before the question.</param>
/// <param name="HasInstructions">Whether instructions of the request follow the system prompt.</param>
internal readonly record struct PromptShape(int EarlierTurns, bool HasInstructions);
