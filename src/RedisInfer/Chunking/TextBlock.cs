namespace RedisInfer.Chunking;

/// <summary>A run of lines that belong together: a range of the normalised text, and the document's line it begins at.</summary>
/// <param name="Kind">What the lines are.</param>
/// <param name="Start">First character in the normalised text.</param>
/// <param name="End">One past the last character, its line end not included.</param>
/// <param name="StartLine">Line of the document, from 1; inside a block, lines of the text and of the document go in step.</param>
internal readonly record struct TextBlock(TextBlockKind Kind, int Start, int End, int StartLine);
