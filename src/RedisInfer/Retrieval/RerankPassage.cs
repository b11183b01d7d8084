namespace RedisInfer.Retrieval;

/// <summary>A passage to rank anew.</summary>
/// <param name="Path">The document.</param>
/// <param name="Chunk">The chunk of the document, from 0.</param>
/// <param name="Text">The chunk's text.</param>
/// <param name="Score">Cosine similarity of question and chunk, -1 to 1.</param>
public sealed record RerankPassage(string Path, int Chunk, string Text, float Score);
