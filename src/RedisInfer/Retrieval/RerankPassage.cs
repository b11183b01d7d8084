namespace RedisInfer.Retrieval;

/// <summary>A passage for an <see cref="IReranker"/> to score.</summary>
/// <param name="Path">Path of the document.</param>
/// <param name="Chunk">Position of the chunk in the document, from 0.</param>
/// <param name="Text">Text of the chunk, under its trail.</param>
/// <param name="Score">Cosine similarity of question and chunk, -1 to 1.</param>
public sealed record RerankPassage(string Path, int Chunk, string Text, float Score);
