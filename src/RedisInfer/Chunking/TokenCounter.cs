namespace RedisInfer.Chunking;

/// <summary>
/// Counts tokens as the generating model's tokenizer does, without special tokens. Must be thread-safe and must not throw.
/// </summary>
/// <param name="text">Any text.</param>
/// <returns>The number of tokens; 0 for an empty text.</returns>
public delegate int TokenCounter(ReadOnlySpan<char> text);
