namespace RedisInfer.Chunking;

/// <summary>A run of lines that belong together: a range of the normalized text.</summary>
/// <param name="Kind">Kind of the lines.</param>
/// <param name="Start">First character in the normalized text.</param>
/// <param name="End">One past the last character, without the line end.</param>
/// <param name="StartLine">First line in the document, from 1. In a block, each line of the text is one line of the document.</param>
internal readonly record struct TextBlock(TextBlockKind Kind, int Start, int End, int StartLine);
