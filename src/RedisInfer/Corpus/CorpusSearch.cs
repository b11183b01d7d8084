using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>What a search found. Vectors and words may have been searched in two states of the corpus.</summary>
/// <param name="Meta">The corpus it was found in.</param>
/// <param name="Asked">The manifest when the search began.</param>
/// <param name="UnitVector">The question's embedding; <see langword="null"/> where it has no direction.</param>
/// <param name="ByVector">Hits by cosine.</param>
/// <param name="ByWords">Hits by words.</param>
internal sealed record CorpusSearch(
    CorpusMeta Meta, MirroredManifest Asked, float[]? UnitVector, RankedHits ByVector, RankedHits ByWords)
{
    public bool IsEmpty => ByVector.Hits.Count == 0 && ByWords.Hits.Count == 0;

    /// <summary>
    /// The state of the manifest to go by: the newer one of the two. It was current after the question was asked, so that it decides
    /// however fast documents change.
    /// </summary>
    public MirroredManifest State { get; } =
        new[] { Asked, ByVector.State, ByWords.State }.OfType<MirroredManifest>().MaxBy(state => state.Revision)!;
}
