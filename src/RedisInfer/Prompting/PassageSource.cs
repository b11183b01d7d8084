namespace RedisInfer.Prompting;

/// <summary>A retrieved chunk that may become a passage.</summary>
/// <param name="Path">The document.</param>
/// <param name="Index">The chunk of the document, from 0.</param>
/// <param name="Tokens">Its tokens with the separator, as stored.</param>
internal readonly record struct PassageSource(string Path, int Index, ReadOnlyMemory<int> Tokens);
