namespace RedisInfer.Corpus.Records;

/// <summary>The manifest's entry of one document. The manifest alone decides which chunks a question may see.</summary>
/// <param name="Path">Relative path of the document.</param>
/// <param name="Generation">Number of the write that created this version of the document.</param>
/// <param name="ContentHash">32 hexadecimal digits from the caller that decide whether the document has changed.</param>
/// <param name="ChunkCount">Number of chunks of the document.</param>
/// <param name="TokenCount">Number of tokens of all chunks.</param>
/// <param name="ByteCount">Size of the document, in bytes.</param>
/// <param name="IndexedAt">When it was written, to the millisecond.</param>
/// <param name="Labels">Tags and metadata from the host.</param>
internal sealed record ManifestEntry(
    string Path, long Generation, string ContentHash, int ChunkCount, int TokenCount, long ByteCount, DateTimeOffset IndexedAt,
    DocumentLabels Labels)
{
    /// <summary>Its chunks: those of its own write, and chunks of earlier writes that have not changed.</summary>
    public ChunkLayout Layout { get; init; } = ChunkLayout.Whole(Generation, ChunkCount);

    /// <summary>Identifies the chunk at a position, from 0.</summary>
    public ChunkRef ChunkAt(int position)
    {
        ChunkRun chunk = Layout.At(position);
        return new ChunkRef(chunk.Generation, Path, chunk.First);
    }

    /// <summary>The position of a chunk; <see langword="null"/> if the document does not have it.</summary>
    public int? PositionOf(in ChunkRef chunk) => Layout.PositionOf(chunk.Generation, chunk.Index);

    /// <summary>
    /// Whether both entries are of the same write. The generation alone does not tell: a server that lost its last writes gives their
    /// numbers to others.
    /// </summary>
    public bool IsSameWrite(ManifestEntry? other) =>
        other is not null && Generation == other.Generation && IndexedAt == other.IndexedAt && ContentHash == other.ContentHash;

    /// <summary>A stored chunk with its current index and lines. It may have moved since it was stored.</summary>
    public StoredChunk Place(StoredChunk stored, int position)
    {
        int shift = Layout.At(position).LineShift;
        return stored with { Index = position, StartLine = stored.StartLine + shift, EndLine = stored.EndLine + shift };
    }
}
