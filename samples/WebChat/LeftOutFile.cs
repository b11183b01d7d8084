namespace WebChat;

/// <summary>A file that is not searched, and why.</summary>
internal sealed record LeftOutFile(string Path, string Reason);
