namespace RedisInfer.Chunking;

/// <summary>The unit that <see cref="ParagraphChunker"/> packs: a range of the normalized text that is not split any further.</summary>
/// <param name="Start">First character in the normalized text.</param>
/// <param name="End">One past the last character.</param>
/// <param name="StartLine">First line in the document, from 1.</param>
/// <param name="EndLine">Last line in the document, inclusive.</param>
/// <param name="TokenCount">Number of tokens of this range by itself.</param>
internal readonly record struct Paragraph(int Start, int End, int StartLine, int EndLine, int TokenCount)
{
    /// <summary>
    /// Earlier text that a chunk repeats if it begins with this paragraph: the column names of a table, the sentence before a list. Empty if
    /// there is none.
    /// </summary>
    public string Context { get; init; } = "";

    /// <summary>Whether it is a part of a longer paragraph, row or block of code.</summary>
    public bool IsPart { get; init; }

    /// <summary>Page that it begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }
}
