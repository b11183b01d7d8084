namespace RedisInfer;

/// <summary>An indexed document.</summary>
/// <param name="Path">Its path.</param>
/// <param name="ChunkCount">Its chunks.</param>
/// <param name="TokenCount">Its tokens.</param>
/// <param name="IndexedAt">When it was indexed.</param>
public sealed record DocumentInfo(string Path, int ChunkCount, int TokenCount, DateTimeOffset IndexedAt);
