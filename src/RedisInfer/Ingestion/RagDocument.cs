namespace RedisInfer.Ingestion;

/// <summary>A document to index.</summary>
/// <param name="Path">Its name in the corpus and in citations: relative, with <c>/</c> between folders; any characters.</param>
/// <param name="Text">Its text, any line ends.</param>
public sealed record RagDocument(string Path, string Text);
