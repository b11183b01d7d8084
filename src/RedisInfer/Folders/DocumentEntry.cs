namespace RedisInfer.Folders;

/// <summary>An entry of a source of documents: a document, or the reason why it is skipped.</summary>
/// <param name="Path">Path relative to the folder, with <c>/</c> as separator; ends in <c>/</c> if it is a folder.</param>
/// <param name="Document">The document; <see langword="null"/> if it was skipped.</param>
/// <param name="SkipReason">Why it was skipped, as a sentence; <see langword="null"/> if it was not.</param>
/// <param name="Bytes">Size in bytes. The sum of all entries is <see cref="FileTreeScan.Bytes"/>.</param>
internal sealed record DocumentEntry(string Path, RagDocument? Document, string? SkipReason, long Bytes)
{
    /// <summary>
    /// Whether it was skipped because it could not be read now. It may be a document all the same: of a folder, every document below it.
    /// Otherwise it is empty, or a rule leaves it out.
    /// </summary>
    public bool IsUnreadable { get; init; }

    /// <summary>As for <see cref="FolderItem.IsLeftOut"/>.</summary>
    public bool IsLeftOut { get; init; }
}
