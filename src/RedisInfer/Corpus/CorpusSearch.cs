using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>The result of a search. Vectors and words may have been searched in two states of the corpus.</summary>
/// <param name="Meta">The corpus that was searched.</param>
/// <param name="Asked">The state of the manifest when the search began.</param>
/// <param name="ByVector">Hits of the vector search, scored by cosine.</param>
/// <param name="ByWords">Hits of the word search.</param>
/// <param name="Scores">
/// Score of each hit: the cosine of the embeddings, or that of the words in a corpus without an embedding. A hit without a vector has none.
/// </param>
/// <param name="Unrelated">How near unrelated questions are; <see langword="null"/> if that is not known.</param>
internal sealed record CorpusSearch(
    CorpusMeta Meta,
    MirroredManifest Asked,
    RankedHits ByVector,
    RankedHits ByWords,
    IReadOnlyDictionary<ChunkRef, float> Scores,
    CosineSpread? Unrelated)
{
    /// <summary>Whether chunks have vectors.</summary>
    public bool HasVectors => Meta.Storage != VectorStorage.None;

    /// <summary>The cosine between the question's words and those of each hit of the word search, 0 to 1.</summary>
    public IReadOnlyDictionary<ChunkRef, float> WordScores { get; } = ByWords.Hits.ToDictionary(hit => hit.Chunk, hit => hit.Score);

    public bool IsEmpty => ByVector.Hits.Count == 0 && ByWords.Hits.Count == 0;

    /// <summary>
    /// The state of the manifest that decides which hits are valid: the newest one of this search. It was current after the question was
    /// asked, so it can decide however fast documents change.
    /// </summary>
    public MirroredManifest State { get; } =
        new[] { Asked, ByVector.State, ByWords.State }.OfType<MirroredManifest>().MaxBy(state => state.Number)!;
}
