namespace RedisInfer.Chunking;

/// <summary>A piece of a document: the unit that is embedded, retrieved and cited.</summary>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="Text">The text, with <c>\n</c> as line end and without leading or trailing blank lines; not empty.</param>
/// <param name="StartLine">First line of the text in the document, from 1.</param>
/// <param name="EndLine">Last line of the text in the document, inclusive.</param>
public sealed record Chunk(int Index, string Text, int StartLine, int EndLine);
