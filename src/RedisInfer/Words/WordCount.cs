namespace RedisInfer.Words;

/// <summary>A word, compound or pair of words in a chunk.</summary>
/// <param name="Hash">Hash of the word.</param>
/// <param name="Count">Number of its occurrences in the chunk; at most 255.</param>
internal readonly record struct WordCount(uint Hash, byte Count);
