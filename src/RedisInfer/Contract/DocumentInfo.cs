namespace RedisInfer;

/// <summary>An indexed document.</summary>
/// <param name="Path">Path of the document.</param>
/// <param name="ChunkCount">Number of its chunks.</param>
/// <param name="TokenCount">Number of tokens in its chunks.</param>
/// <param name="IndexedAt">When it was last written to the index.</param>
public sealed record DocumentInfo(string Path, int ChunkCount, int TokenCount, DateTimeOffset IndexedAt)
{
    /// <summary>As for <see cref="IndexedDocument.Encoding"/>.</summary>
    public string? Encoding { get; init; }
}
