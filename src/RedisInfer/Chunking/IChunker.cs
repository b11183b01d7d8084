namespace RedisInfer.Chunking;

/// <summary>
/// Splits a document into chunks. Implementations must be thread-safe and deterministic: the same document and settings give the same chunks.
/// Indexing relies on that to write only changed chunks.
/// </summary>
public interface IChunker
{
    /// <summary>
    /// Name of the algorithm and its settings, for example <c>paragraph/2 max=128 overlap=1</c>. The part before the first space is name and
    /// version: a corpus that was made with others is refused until <see cref="IRagIndex.RechunkAsync"/> has cut it again. If the rest
    /// changes, a document is chunked again at its next indexing.
    /// </summary>
    string Identity { get; }

    /// <summary>Splits a document into chunks.</summary>
    /// <param name="document">The document. Its blocks have been checked.</param>
    /// <param name="countTokens">Counts tokens with the generating model's tokenizer.</param>
    /// <returns>The chunks in document order, with indexes from 0 without gaps. Empty if the text is only white space.</returns>
    IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens);
}
