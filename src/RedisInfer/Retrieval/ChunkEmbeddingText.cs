using RedisInfer.Chunking;

namespace RedisInfer.Retrieval;

/// <summary>What of a chunk is embedded.</summary>
internal static class ChunkEmbeddingText
{
    /// <summary>
    /// The document's path and the chunk's text: the words of a path often say what the text takes for granted.
    /// </summary>
    public static string For(string path, Chunk chunk) => $"{path}\n{chunk.Text}";
}
