namespace RedisInfer.Corpus.Records;

/// <summary>Identifies one chunk of one write of a document. A vector search returns it.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="Path">The document.</param>
/// <param name="Index">Position among the document's chunks, from 0.</param>
internal readonly record struct ChunkRef(long Generation, string Path, int Index);
