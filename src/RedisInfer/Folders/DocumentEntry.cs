namespace RedisInfer.Folders;

/// <summary>One entry of a source of documents: a document, or the reason why it is none.</summary>
/// <param name="Path">Relative to the folder, with <c>/</c> between folders; ends in <c>/</c> if it is a folder.</param>
/// <param name="Document">The document; null if it was skipped.</param>
/// <param name="SkipReason">Why it was skipped, as a sentence; null if it was not.</param>
/// <param name="Bytes">Its size; adds up to <see cref="FileTreeScan.Bytes"/>.</param>
internal sealed record DocumentEntry(string Path, RagDocument? Document, string? SkipReason, long Bytes);
