namespace RedisInfer;

/// <summary>What an <see cref="IDocumentReader"/> has read: the text with its structure, or the reason why the document is skipped.</summary>
public sealed record DocumentContent
{
    private DocumentContent()
    {
    }

    /// <summary>The text, with any line ends; <see langword="null"/> if the document was skipped.</summary>
    public string? Text { get; private init; }

    /// <summary>The parts of <see cref="Text"/>, as for <see cref="RagDocument.Blocks"/>.</summary>
    public IReadOnlyList<DocumentBlock> Blocks { get; init; } = [];

    /// <summary>The document's title, such as the subject of an e-mail; <see langword="null"/> if it has none.</summary>
    public string? Title { get; init; }

    /// <summary>Name of the text's encoding in the file, such as <c>utf-8</c>; <see langword="null"/> if the format says it itself.</summary>
    public string? Encoding { get; init; }

    /// <summary>Its media type by its content; <see langword="null"/> if that is <see cref="DocumentSource.MediaType"/>.</summary>
    public string? MediaType { get; init; }

    /// <summary>Why the document was skipped, as a sentence; <see langword="null"/> if it was not.</summary>
    public string? SkipReason { get; private init; }

    /// <summary>
    /// Whether it was skipped because it cannot be read now or by this release: it is damaged, encrypted, too large. A document that was
    /// indexed earlier then stays. Otherwise there is nothing in it to index.
    /// </summary>
    public bool IsUnreadable { get; private init; }

    /// <summary>The content of a document that was read.</summary>
    /// <param name="text">Its text, with any line ends.</param>
    /// <returns>The content.</returns>
    public static DocumentContent Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new DocumentContent { Text = text };
    }

    /// <summary>There is nothing to index in the document. If it was indexed earlier, a synchronization removes it.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    /// <returns>The content.</returns>
    public static DocumentContent Skipped(string reason) => new() { SkipReason = Checked(reason) };

    /// <summary>The document cannot be read. If it was indexed earlier, it stays as it was.</summary>
    /// <param name="reason">Why, and what to do, as a sentence.</param>
    /// <returns>The content.</returns>
    public static DocumentContent Unreadable(string reason) => new() { SkipReason = Checked(reason), IsUnreadable = true };

    private static string Checked(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return reason;
    }
}
