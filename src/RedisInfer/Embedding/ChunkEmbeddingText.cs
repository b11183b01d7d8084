namespace RedisInfer.Embedding;

/// <summary>What of a chunk is embedded.</summary>
internal static class ChunkEmbeddingText
{
    /// <summary>
    /// The document's path and the chunk's text: the words of a path often say what the text takes for granted. With the lexical
    /// embedding this found the right line among the first five for 1 to 13 questions more in a hundred than the text alone, least
    /// in a handbook, most in sources.
    /// </summary>
    public static string For(string path, string text) => $"{path}\n{text}";
}
