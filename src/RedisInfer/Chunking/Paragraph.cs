namespace RedisInfer.Chunking;

/// <summary>What <see cref="ParagraphChunker"/> packs: a range of the normalised text that is never torn again.</summary>
/// <param name="Start">First character in the normalised text.</param>
/// <param name="End">One past the last.</param>
/// <param name="StartLine">First line of the document, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="TokenCount">Its tokens, counted alone.</param>
internal readonly record struct Paragraph(int Start, int End, int StartLine, int EndLine, int TokenCount);
