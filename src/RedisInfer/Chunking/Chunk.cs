namespace RedisInfer.Chunking;

/// <summary>A piece of a document: the unit that is embedded, retrieved and cited.</summary>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="Text">
/// The text, with <c>\n</c> as line end and without leading or trailing blank lines; not empty. It may begin with lines of an earlier part
/// of the document without which it cannot be understood, such as the column names of a table.
/// </param>
/// <param name="StartLine">First line of the chunk's own text in the document, from 1.</param>
/// <param name="EndLine">Last line of the chunk's own text in the document, inclusive.</param>
public sealed record Chunk(int Index, string Text, int StartLine, int EndLine)
{
    /// <summary>
    /// Where the chunk is in its document, from the outermost part to the innermost, such as <c>Machines > Heron press</c>; empty if the
    /// document has no parts. One line. It is embedded, searched and shown to the model with the text.
    /// </summary>
    public string Trail { get; init; } = "";

    /// <summary>Number of the page, slide or sheet that it begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }
}
