namespace RedisInfer.Redis;

/// <summary>The vectors of one generation of a document, in this process's memory.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="Path">The document.</param>
/// <param name="Indexes">Chunk of each row.</param>
/// <param name="Rows">The unit vectors, one after another.</param>
internal sealed record DocumentVectors(long Generation, string Path, int[] Indexes, float[] Rows);
