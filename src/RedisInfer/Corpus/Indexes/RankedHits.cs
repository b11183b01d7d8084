namespace RedisInfer.Corpus.Indexes;

/// <summary>The result of one search.</summary>
/// <param name="Hits">The hits, best first.</param>
/// <param name="State">The state of the manifest that all hits belong to; <see langword="null"/> if nothing was searched.</param>
internal sealed record RankedHits(IReadOnlyList<ChunkHit> Hits, MirroredManifest? State)
{
    public static readonly RankedHits None = new([], null);
}
