namespace WebChat;

/// <summary>What the page sends.</summary>
/// <param name="Text">The question.</param>
/// <param name="Conversation">The id of the conversation that it is part of.</param>
internal sealed record Question(string? Text, string? Conversation);
