namespace RedisInfer.Corpus.Indexes;

/// <summary>What one search found.</summary>
/// <param name="Hits">The hits, best first.</param>
/// <param name="State">The state of the manifest that all hits are of; <see langword="null"/> where nothing was searched.</param>
internal sealed record RankedHits(IReadOnlyList<ChunkHit> Hits, MirroredManifest? State)
{
    public static readonly RankedHits None = new([], null);
}
