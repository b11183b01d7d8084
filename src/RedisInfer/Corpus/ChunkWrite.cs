using RedisInfer.Chunking;
using RedisInfer.Words;

namespace RedisInfer.Corpus;

/// <summary>One chunk to store.</summary>
/// <param name="Chunk">Its text and lines.</param>
/// <param name="Tokens">Its tokens, as they will be decoded.</param>
/// <param name="Vector">
/// Its embedding, of any length but zero. A vector of zeros has no direction: the chunk is stored, and no search finds it.
/// </param>
/// <param name="Words">Its words, each once.</param>
internal sealed record ChunkWrite(Chunk Chunk, ReadOnlyMemory<int> Tokens, ReadOnlyMemory<float> Vector, WordCount[] Words)
{
    /// <summary>The stored chunk to keep in its place; it needs no vector then. <see langword="null"/>: it is stored.</summary>
    public KeptChunk? Kept { get; init; }
}
