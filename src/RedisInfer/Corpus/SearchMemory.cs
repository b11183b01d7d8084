namespace RedisInfer.Corpus;

/// <summary>What searching a corpus may take of this process's memory.</summary>
/// <param name="VectorBytes">Bytes for vectors, if the server could search them too.</param>
/// <param name="LimitBytes">Most bytes for words and vectors together; 0: no limit.</param>
internal readonly record struct SearchMemory(long VectorBytes, long LimitBytes = 0);
