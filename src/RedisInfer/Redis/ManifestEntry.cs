namespace RedisInfer.Redis;

/// <summary>What the manifest says of one document. The generation in it decides which chunks a question may see.</summary>
/// <param name="Path">Relative path of the document.</param>
/// <param name="Generation">Number of the write that made the current chunks; part of their keys.</param>
/// <param name="ContentHash">What decides whether the document has changed: 32 hexadecimal digits, made by the caller.</param>
/// <param name="ChunkCount">Chunks of the document; their indexes run from 0.</param>
/// <param name="TokenCount">Tokens of all chunks.</param>
/// <param name="ByteCount">Size of the document, in bytes.</param>
/// <param name="IndexedAt">When it was written, to the millisecond.</param>
/// <param name="Labels">What the host says of it.</param>
internal sealed record ManifestEntry(
    string Path, long Generation, string ContentHash, int ChunkCount, int TokenCount, long ByteCount, DateTimeOffset IndexedAt,
    DocumentLabels Labels);
