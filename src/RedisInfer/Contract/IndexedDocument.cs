namespace RedisInfer;

/// <summary>What indexing did with a document.</summary>
/// <param name="Path">Path of the document.</param>
/// <param name="Status">What was done.</param>
/// <param name="ChunkCount">Number of its chunks in the index; 0 if it was skipped or failed.</param>
/// <param name="TokenCount">Number of tokens in its chunks in the index; 0 if it was skipped or failed.</param>
/// <param name="SkipReason">Why it was skipped or failed, and what to do; otherwise <see langword="null"/>.</param>
public sealed record IndexedDocument(string Path, IndexingStatus Status, int ChunkCount, int TokenCount, string? SkipReason = null)
{
    /// <summary>Number of chunks that were written. For a changed document, unchanged chunks do not count.</summary>
    public int WrittenChunkCount { get; init; }

    /// <summary>
    /// Name of the text's encoding in its file, such as <c>utf-8</c>; <see langword="null"/> if it did not come from a file, or the file's
    /// format is binary.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// What to know although it was indexed, as a sentence: it replaced a document of another folder. <see langword="null"/>: nothing.
    /// </summary>
    public string? Warning { get; init; }
}
