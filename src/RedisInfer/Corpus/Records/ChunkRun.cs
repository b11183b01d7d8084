namespace RedisInfer.Corpus.Records;

/// <summary>Consecutive chunks of one write.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="First">Index of the first chunk, as it was written.</param>
/// <param name="Count">Number of chunks.</param>
/// <param name="LineShift">Number of lines that they have moved down the document since.</param>
internal readonly record struct ChunkRun(long Generation, int First, int Count, int LineShift = 0);
