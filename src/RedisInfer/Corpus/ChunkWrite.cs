using RedisInfer.Chunking;
using RedisInfer.Words;

namespace RedisInfer.Corpus;

/// <summary>One chunk to store.</summary>
/// <param name="Chunk">Its text and lines.</param>
/// <param name="Tokens">Its tokens, as they will be decoded.</param>
/// <param name="Vector">
/// Its embedding, of any length but zero. A zero vector has no direction: the chunk is stored, but no vector search finds it.
/// </param>
/// <param name="Words">Its words, each once.</param>
internal sealed record ChunkWrite(Chunk Chunk, ReadOnlyMemory<int> Tokens, ReadOnlyMemory<float> Vector, WordCount[] Words)
{
    /// <summary>
    /// The stored chunk to keep instead of storing this one, which then needs no vector. <see langword="null"/>: this one is stored.
    /// </summary>
    public KeptChunk? Kept { get; init; }
}
