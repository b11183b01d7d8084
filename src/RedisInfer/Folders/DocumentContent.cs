namespace RedisInfer.Folders;

/// <summary>Result of reading a document.</summary>
internal sealed record DocumentContent
{
    private DocumentContent()
    {
    }

    /// <summary>The text, with any line ends; <see langword="null"/> if the document was skipped.</summary>
    public string? Text { get; private init; }

    /// <summary>Why the document was skipped, as a sentence; <see langword="null"/> if it was not.</summary>
    public string? SkipReason { get; private init; }

    /// <summary>As for <see cref="DocumentEntry.IsUnreadable"/>.</summary>
    public bool IsUnreadable { get; private init; }

    public static DocumentContent Of(string text) => new() { Text = text };

    public static DocumentContent Skipped(string reason) => new() { SkipReason = reason };

    public static DocumentContent Unreadable(string reason) => new() { SkipReason = reason, IsUnreadable = true };
}
