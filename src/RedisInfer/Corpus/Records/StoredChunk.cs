namespace RedisInfer.Corpus.Records;

/// <summary>A chunk read back from the store, checked.</summary>
/// <param name="Path">The document.</param>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="StartLine">First line of the document the text comes from, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Bytes">Size of the stored record: what was transferred.</param>
internal sealed record StoredChunk(
    string Path, int Index, int StartLine, int EndLine, string Text, ReadOnlyMemory<int> Tokens, long Bytes)
{
    /// <summary>How it reached this process, for a question's passages; <see langword="null"/> where no context loader brought it.</summary>
    public string? LoadStrategy { get; init; }

    /// <summary>Why not by the way that was tried first.</summary>
    public string? LoadReason { get; init; }
}
