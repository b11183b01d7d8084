using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>Chunks, how near they are to the question, and which generations were current, as of one instant.</summary>
internal sealed class ChunkSnapshot(
    IReadOnlyDictionary<string, ManifestEntry> current, LoadedChunk[] chunks, float?[] scores)
{
    /// <summary>What the manifest says of a document; <see langword="null"/> where it is not indexed.</summary>
    public ManifestEntry? Current(string path) => current.GetValueOrDefault(path);

    /// <summary>Cosine similarity of the question and a chunk, by its position among the chunks asked for.</summary>
    public float? Score(int position) => scores[position];

    /// <summary>A chunk, by its position among the chunks asked for.</summary>
    /// <returns>The chunk; <see langword="null"/> where it is gone.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>: what is stored is not to be trusted.</exception>
    public StoredChunk? Read(int position) => chunks[position].Get();
}
