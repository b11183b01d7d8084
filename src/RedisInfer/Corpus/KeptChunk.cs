namespace RedisInfer.Corpus;

/// <summary>A stored chunk that is kept in a changed document, because its text is the same.</summary>
/// <param name="Position">Its position in the document before the write.</param>
/// <param name="LineShift">Number of lines that it has moved down since it was stored.</param>
internal sealed record KeptChunk(int Position, int LineShift);
