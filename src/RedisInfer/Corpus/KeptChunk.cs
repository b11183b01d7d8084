namespace RedisInfer.Corpus;

/// <summary>A stored chunk that stands in a changed document too, with the same text.</summary>
/// <param name="Position">Where it stood.</param>
/// <param name="LineShift">Lines by which it is further down than where it was stored.</param>
internal sealed record KeptChunk(int Position, int LineShift);
