using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>The result of a search. Vectors and words may have been searched in two states of the corpus.</summary>
/// <param name="Meta">The corpus that was searched.</param>
/// <param name="Asked">The state of the manifest when the search began.</param>
/// <param name="UnitVector">The question's embedding, scaled to length 1; <see langword="null"/> if it is a zero vector.</param>
/// <param name="ByVector">Hits of the vector search, scored by cosine.</param>
/// <param name="ByWords">Hits of the word search.</param>
internal sealed record CorpusSearch(
    CorpusMeta Meta, MirroredManifest Asked, float[]? UnitVector, RankedHits ByVector, RankedHits ByWords)
{
    public bool IsEmpty => ByVector.Hits.Count == 0 && ByWords.Hits.Count == 0;

    /// <summary>
    /// The state of the manifest that decides which hits are valid: the newest one of this search. It was current after the question was
    /// asked, so it can decide however fast documents change.
    /// </summary>
    public MirroredManifest State { get; } =
        new[] { Asked, ByVector.State, ByWords.State }.OfType<MirroredManifest>().MaxBy(state => state.Number)!;
}
