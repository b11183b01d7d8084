using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Chunks, how near they are to the question, and which generations were current, as of one instant.</summary>
internal sealed class ChunkSnapshot(
    string tokenizerFingerprint, IReadOnlyDictionary<string, ManifestEntry> current, RedisValue[] records, float?[] scores)
{
    /// <summary>What the manifest says of a document; <see langword="null"/> where it is not indexed.</summary>
    public ManifestEntry? Current(string path) => current.GetValueOrDefault(path);

    /// <summary>Cosine similarity of the question and a chunk, by its position among the chunks asked for.</summary>
    public float? Score(int position) => scores[position];

    /// <summary>Reads a chunk.</summary>
    /// <param name="position">Its position among the chunks asked for.</param>
    /// <param name="chunk">What was asked for there.</param>
    /// <returns>The chunk, checked; <see langword="null"/> where it is gone.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public StoredChunk? Read(int position, in ChunkRef chunk) => records[position].IsNull
        ? null
        : ChunkRecord.Decode(chunk, tokenizerFingerprint, (byte[])records[position]!);
}
