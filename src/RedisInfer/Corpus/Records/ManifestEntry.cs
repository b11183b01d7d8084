namespace RedisInfer.Corpus.Records;

/// <summary>What the manifest says of one document. It alone decides which chunks a question may see.</summary>
/// <param name="Path">Relative path of the document.</param>
/// <param name="Generation">Number of the write that made it what it is.</param>
/// <param name="ContentHash">What decides whether the document has changed: 32 hexadecimal digits, made by the caller.</param>
/// <param name="ChunkCount">Chunks of the document.</param>
/// <param name="TokenCount">Tokens of all chunks.</param>
/// <param name="ByteCount">Size of the document, in bytes.</param>
/// <param name="IndexedAt">When it was written, to the millisecond.</param>
/// <param name="Labels">What the host says of it.</param>
internal sealed record ManifestEntry(
    string Path, long Generation, string ContentHash, int ChunkCount, int TokenCount, long ByteCount, DateTimeOffset IndexedAt,
    DocumentLabels Labels)
{
    /// <summary>Its chunks: those of its own write, unless some of earlier ones are still as they were.</summary>
    public ChunkLayout Layout { get; init; } = ChunkLayout.Whole(Generation, ChunkCount);

    /// <summary>Names the chunk at a position, from 0.</summary>
    public ChunkRef ChunkAt(int position)
    {
        ChunkRun chunk = Layout.At(position);
        return new ChunkRef(chunk.Generation, Path, chunk.First);
    }

    /// <summary>Where a chunk stands; <see langword="null"/> where it is none of these.</summary>
    public int? PositionOf(in ChunkRef chunk) => Layout.PositionOf(chunk.Generation, chunk.Index);

    /// <summary>A chunk as it stands in the document now: it may have moved since it was stored.</summary>
    public StoredChunk Place(StoredChunk stored, int position)
    {
        int shift = Layout.At(position).LineShift;
        return stored with { Index = position, StartLine = stored.StartLine + shift, EndLine = stored.EndLine + shift };
    }
}
