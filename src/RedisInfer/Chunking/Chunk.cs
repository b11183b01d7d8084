namespace RedisInfer.Chunking;

/// <summary>One piece of a document: what is embedded, retrieved and cited.</summary>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="Text">The text, line ends as <c>\n</c>, without leading or trailing blank lines; never empty.</param>
/// <param name="StartLine">First line of the document the text comes from, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
public sealed record Chunk(int Index, string Text, int StartLine, int EndLine);
