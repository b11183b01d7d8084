namespace RedisInfer;

/// <summary>What indexing did with a document.</summary>
/// <param name="Path">The document.</param>
/// <param name="Status">What was done.</param>
/// <param name="ChunkCount">Its chunks in the index.</param>
/// <param name="TokenCount">Its tokens in the index.</param>
/// <param name="SkipReason">Why it was skipped, and what to do about it; <see langword="null"/> unless it was.</param>
public sealed record IndexedDocument(string Path, IndexingStatus Status, int ChunkCount, int TokenCount, string? SkipReason = null)
{
    /// <summary>Chunks that were written; of a changed document only those that had changed.</summary>
    public int WrittenChunkCount { get; init; }
}
