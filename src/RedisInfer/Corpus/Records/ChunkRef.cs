namespace RedisInfer.Corpus.Records;

/// <summary>Names one chunk of one write of a document: what a vector search returns.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="Path">The document.</param>
/// <param name="Index">Position among the document's chunks, from 0.</param>
internal readonly record struct ChunkRef(long Generation, string Path, int Index);
