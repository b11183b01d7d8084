namespace RedisInfer.Corpus.Records;

/// <summary>A chunk that was read from the store and checked.</summary>
/// <param name="Path">The document.</param>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="StartLine">First line of the text in the document, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Text">The text.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Bytes">Size of the stored record: what was transferred.</param>
internal sealed record StoredChunk(
    string Path, int Index, int StartLine, int EndLine, string Text, ReadOnlyMemory<int> Tokens, long Bytes)
{
    /// <summary>Where it is in its document; empty if the document has no parts.</summary>
    public string Trail { get; init; } = "";

    /// <summary>Page that it begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }

    /// <summary>How a context loader loaded it, for a question's passages; <see langword="null"/> if none did.</summary>
    public string? LoadStrategy { get; init; }

    /// <summary>Why the strategy that was tried first was not used.</summary>
    public string? LoadReason { get; init; }
}
