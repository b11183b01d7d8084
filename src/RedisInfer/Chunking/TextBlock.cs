namespace RedisInfer.Chunking;

/// <summary>A run of lines that belong together: a range of the normalized text.</summary>
/// <param name="Kind">Kind of the lines.</param>
/// <param name="Start">First character in the normalized text.</param>
/// <param name="End">One past the last character, without the line end.</param>
/// <param name="StartLine">First line in the document, from 1. In a block, each line of the text is one line of the document.</param>
internal readonly record struct TextBlock(TextBlockKind Kind, int Start, int End, int StartLine)
{
    /// <summary>Level of a heading, from 1; 0 for other kinds.</summary>
    public int Level { get; init; }

    /// <summary>Page that it begins on, from 1; <see langword="null"/> if there are none.</summary>
    public int? Page { get; init; }

    /// <summary>Name of a heading, or of the member of a type that a block of source code is; <see langword="null"/> for others.</summary>
    public string? Name { get; init; }
}
