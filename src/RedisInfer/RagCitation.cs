namespace RedisInfer;

/// <summary>A passage that an answer cites.</summary>
/// <param name="Number">The number in the text's brackets, from 1.</param>
/// <param name="Path">The document.</param>
/// <param name="Chunk">The chunk of the document, from 0.</param>
/// <param name="StartLine">First line of the chunk in the document, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Score">Cosine similarity of question and chunk, -1 to 1.</param>
public sealed record RagCitation(int Number, string Path, int Chunk, int StartLine, int EndLine, float Score);
