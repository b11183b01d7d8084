namespace RedisInfer.Redis;

/// <summary>What a search found, of whatever generation: the manifest decides what may be seen.</summary>
/// <param name="Meta">The corpus it was found in.</param>
/// <param name="UnitVector">The question's embedding; <see langword="null"/> where it has no direction.</param>
/// <param name="ByVector">Hits by cosine, best first.</param>
/// <param name="ByWords">Hits by words, best first.</param>
/// <param name="State">
/// The state of the manifest to go by: that of the search in this process, the newer one where there were two. It was current after
/// the question was asked, so that it decides however fast documents change. Without one, the manifest on the server does.
/// </param>
internal sealed record CorpusSearch(
    CorpusMeta Meta, float[]? UnitVector, IReadOnlyList<ChunkHit> ByVector, IReadOnlyList<ChunkHit> ByWords, MirroredManifest? State)
{
    public bool IsEmpty => ByVector.Count == 0 && ByWords.Count == 0;

    public static CorpusSearch Of(CorpusMeta meta, float[]? unitVector, RankedHits byVector, RankedHits byWords) => new(
        meta,
        unitVector,
        byVector.Hits,
        byWords.Hits,
        new[] { byVector.State, byWords.State }.OfType<MirroredManifest>().MaxBy(state => state.Revision));
}
