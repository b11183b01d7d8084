namespace RedisInfer.Redis;

/// <summary>
/// What a search found, of whatever generation: the manifest decides what may be seen.
/// </summary>
/// <param name="Meta">The corpus it was found in.</param>
/// <param name="UnitVector">The question's embedding; <see langword="null"/> where it has no direction.</param>
/// <param name="ByVector">Hits by cosine, best first.</param>
/// <param name="ByWords">Hits by words, best first.</param>
internal sealed record CorpusSearch(
    CorpusMeta Meta, float[]? UnitVector, IReadOnlyList<ChunkHit> ByVector, IReadOnlyList<ChunkHit> ByWords)
{
    public bool IsEmpty => ByVector.Count == 0 && ByWords.Count == 0;
}
