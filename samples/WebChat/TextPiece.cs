namespace WebChat;

/// <summary>A piece of text in an event.</summary>
internal sealed record TextPiece(string Text);
