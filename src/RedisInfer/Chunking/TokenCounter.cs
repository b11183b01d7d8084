namespace RedisInfer.Chunking;

/// <summary>Counts the tokens of a text the way the generating model's tokenizer does (special tokens off).</summary>
/// <param name="text">Any text.</param>
/// <returns>The number of tokens, 0 for an empty text. Must not throw, and must be callable from several threads.</returns>
public delegate int TokenCounter(ReadOnlySpan<char> text);
