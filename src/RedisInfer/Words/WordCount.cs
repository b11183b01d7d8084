namespace RedisInfer.Words;

/// <summary>A word, compound or pair of words in a chunk.</summary>
/// <param name="Hash">What it is.</param>
/// <param name="Count">How often it stands there; more than 255 count as 255.</param>
internal readonly record struct WordCount(uint Hash, byte Count);
