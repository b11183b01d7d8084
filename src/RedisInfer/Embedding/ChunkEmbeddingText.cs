using RedisInfer.Chunking;

namespace RedisInfer.Embedding;

/// <summary>Which text of a chunk is embedded.</summary>
internal static class ChunkEmbeddingText
{
    /// <summary>
    /// The document's path, and the chunk's text under its trail. A path often contains words that the text takes for granted. Measured with a lexical
    /// embedding: the right line was among the first five for 1 to 13 % more of the questions than with the text alone. The gain was least
    /// in a handbook and greatest in source code.
    /// </summary>
    public static string For(string path, string trail, string text) => $"{path}\n{TrailText.Before(trail, text)}";
}
