namespace RedisInfer.Corpus.Records;

/// <summary>Chunks of one write that stand one after another.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="First">Index of the first, as it was written.</param>
/// <param name="Count">How many there are.</param>
/// <param name="LineShift">Lines by which they have moved down the document since.</param>
internal readonly record struct ChunkRun(long Generation, int First, int Count, int LineShift = 0);
