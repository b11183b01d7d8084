namespace RedisInfer.Chunking;

/// <summary>The unit that <see cref="ParagraphChunker"/> packs: a range of the normalized text that is not split any further.</summary>
/// <param name="Start">First character in the normalized text.</param>
/// <param name="End">One past the last character.</param>
/// <param name="StartLine">First line in the document, from 1.</param>
/// <param name="EndLine">Last line in the document, inclusive.</param>
/// <param name="TokenCount">Number of tokens of this range by itself.</param>
internal readonly record struct Paragraph(int Start, int End, int StartLine, int EndLine, int TokenCount);
