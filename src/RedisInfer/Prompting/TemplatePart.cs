namespace RedisInfer.Prompting;

/// <summary>A fixed part of a prompt, and what follows it.</summary>
/// <param name="Slot">What follows.</param>
/// <param name="Tokens">The part.</param>
/// <param name="BeforePassages">The part if passages follow: it ends with their heading. Empty if none can follow.</param>
internal sealed record TemplatePart(PromptSlot Slot, ReadOnlyMemory<int> Tokens, ReadOnlyMemory<int> BeforePassages);
