namespace RedisInfer.Redis;

/// <summary>What one search found.</summary>
/// <param name="Hits">The hits, best first.</param>
/// <param name="State">
/// The state of the manifest that all hits are of; <see langword="null"/> where the search knows no generations, so that some may
/// be replaced already or not be visible yet.
/// </param>
internal sealed record RankedHits(IReadOnlyList<ChunkHit> Hits, MirroredManifest? State)
{
    public static readonly RankedHits None = new([], null);
}
