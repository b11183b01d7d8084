namespace RedisInfer.Prompting;

/// <summary>A passage of a prompt.</summary>
/// <param name="Number">Its number in the prompt, from 1.</param>
/// <param name="Source">Its position in the list that the prompt was built from.</param>
/// <param name="TokenCount">Tokens it takes, its heading line included.</param>
internal readonly record struct PromptPassage(int Number, int Source, int TokenCount);
