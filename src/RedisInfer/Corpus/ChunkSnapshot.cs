using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>Chunks, their similarity to the question, and the generations that were current, as of one instant.</summary>
internal sealed class ChunkSnapshot(
    IReadOnlyDictionary<string, ManifestEntry> current, LoadedChunk[] chunks, float?[] scores)
{
    /// <summary>The manifest's entry of a document; <see langword="null"/> if it is not indexed.</summary>
    public ManifestEntry? Current(string path) => current.GetValueOrDefault(path);

    /// <summary>Cosine similarity of the question and a chunk. The position is that among the requested chunks.</summary>
    public float? Score(int position) => scores[position];

    /// <summary>A chunk, by its position among the requested chunks.</summary>
    /// <returns>The chunk; <see langword="null"/> if it is gone.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.StateCorrupt"/>: the stored record cannot be trusted.
    /// </exception>
    public StoredChunk? Read(int position) => chunks[position].Get();
}
