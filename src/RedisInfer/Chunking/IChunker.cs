namespace RedisInfer.Chunking;

/// <summary>
/// Cuts a document into chunks. Implementations are pure and may be called from several threads at once: the same text and
/// options give the same chunks, on which re-indexing relies to write only what changed.
/// </summary>
public interface IChunker
{
    /// <summary>
    /// Names the algorithm and its settings, for example <c>paragraph/1 max=128 overlap=1</c>. Stored with every document; a
    /// document is chunked anew when the identity has changed.
    /// </summary>
    string Identity { get; }

    /// <summary>Cuts <paramref name="text"/> into chunks, in document order, indexes from 0 without gaps.</summary>
    /// <param name="text">The document, any line ends.</param>
    /// <param name="countTokens">The generating model's token count.</param>
    /// <returns>The chunks; none for a document of white space.</returns>
    IReadOnlyList<Chunk> Split(string text, TokenCounter countTokens);
}
