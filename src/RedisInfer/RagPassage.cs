namespace RedisInfer;

/// <summary>A passage the model was given.</summary>
/// <param name="Number">Its number in the prompt, from 1.</param>
/// <param name="Path">The document.</param>
/// <param name="Chunk">The chunk of the document, from 0.</param>
/// <param name="StartLine">First line of the chunk in the document, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Score">
/// Cosine similarity of question and chunk, -1 to 1: of their embeddings, or without an embedding between the question's words and
/// those of them that the chunk holds, weighted by how rare they are. A neighbour has the score of the chunk it stands beside.
/// </param>
/// <param name="Text">The chunk's text.</param>
/// <param name="TokenCount">Tokens it takes in the prompt, its heading line included.</param>
public sealed record RagPassage(
    int Number, string Path, int Chunk, int StartLine, int EndLine, float Score, string Text, int TokenCount);
