using RedisInfer.Corpus.Records;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>Everything that a server holds of a document.</summary>
/// <param name="Entry">Its entry in the manifest.</param>
/// <param name="Chunks">Its chunks; <see langword="null"/> for a chunk that is gone or damaged.</param>
/// <param name="Words">The words of its chunks; <see langword="null"/> if they are gone.</param>
/// <param name="Vectors">One vector per chunk; <see langword="null"/> for a vector that is gone.</param>
internal sealed record StoredDocument(
    ManifestEntry Entry, IReadOnlyList<StoredChunk?> Chunks, IReadOnlyList<ChunkWords>? Words, IReadOnlyList<float[]?> Vectors)
{
    // The same text embedded in another batch may differ in its last bits.
    private const double LeastCosine = 0.9999;

    /// <summary>What differs from the same document in another corpus; <see langword="null"/>: nothing.</summary>
    public string? FindDifference(StoredDocument fresh)
    {
        if (Entry.ContentHash != fresh.Entry.ContentHash)
            return "it is another version";
        if (Chunks.Count != fresh.Chunks.Count || Entry.TokenCount != fresh.Entry.TokenCount || Entry.ByteCount != fresh.Entry.ByteCount)
            return $"it has {Chunks.Count} chunks instead of {fresh.Chunks.Count}, or other sizes";
        if (Words is null || Words.Count != fresh.Words!.Count)
            return "its words are gone";
        for (int i = 0; i < Chunks.Count; i++)
        {
            if (FindDifference(i, fresh) is { } difference)
                return $"chunk {i}: {difference}";
        }

        return null;
    }

    private string? FindDifference(int i, StoredDocument fresh)
    {
        (StoredChunk? own, StoredChunk other) = (Chunks[i], fresh.Chunks[i]!);
        if (own is null)
            return "it is gone or damaged";
        if (own.Text != other.Text || !own.Tokens.Span.SequenceEqual(other.Tokens.Span))
            return "it has another text or other tokens";
        if (own.StartLine != other.StartLine || own.EndLine != other.EndLine)
            return $"it is at lines {own.StartLine}-{own.EndLine} instead of {other.StartLine}-{other.EndLine}";
        if (Words![i].Index != fresh.Words![i].Index || !Words[i].Words.AsSpan().SequenceEqual(fresh.Words[i].Words))
            return "it has other words";
        return (Vectors[i], fresh.Vectors[i]) switch
        {
            (null, null) => null,
            (null, _) => "its vector is gone",
            (_, null) => "it has a vector that it should not have",
            var (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum() < LeastCosine ? "it has another vector" : null,
        };
    }
}
