namespace RedisInfer.Tests.Support.ChatTemplates;

/// <summary>What was made of a template and a conversation.</summary>
/// <param name="Name">The template and the case.</param>
/// <param name="Expected">The reference's text; <see langword="null"/> if the reference fails, too.</param>
/// <param name="Text">Our text; <see langword="null"/> if it was refused.</param>
/// <param name="Error">Why it was refused.</param>
public sealed record RenderedCase(string Name, string? Expected, string? Text, string? Error);
