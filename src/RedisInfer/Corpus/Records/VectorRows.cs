namespace RedisInfer.Corpus.Records;

/// <summary>The vectors of one generation of a document.</summary>
/// <param name="Indexes">Chunk of each row.</param>
/// <param name="Rows">The unit vectors, one after another.</param>
internal sealed record VectorRows(int[] Indexes, float[] Rows);
