using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Chunks and which generations were current, as of one instant.</summary>
internal sealed class ChunkSnapshot(string tokenizerFingerprint, Dictionary<string, long> current, RedisValue[] records)
{
    /// <summary>The current generation of a document; 0 where it is not indexed.</summary>
    public long CurrentGeneration(string path) => current.GetValueOrDefault(path);

    /// <summary>Reads a chunk.</summary>
    /// <param name="position">Its position among the chunks asked for.</param>
    /// <param name="chunk">What was asked for there.</param>
    /// <returns>The chunk, checked; <see langword="null"/> where it is gone.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public StoredChunk? Read(int position, in ChunkRef chunk) => records[position].IsNull
        ? null
        : ChunkRecord.Decode(chunk, tokenizerFingerprint, (byte[])records[position]!);
}
