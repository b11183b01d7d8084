namespace RedisInfer.Words;

/// <summary>A word of a question.</summary>
/// <param name="Hash">Hash of the word.</param>
/// <param name="Weight">Weight of the word by itself. Its rarity in the corpus is counted separately.</param>
/// <param name="IsPair">Whether it is a pair of adjacent words that are not a compound.</param>
/// <param name="IsName">Whether it looks like a name or an abbreviation, for which a text uses no other word.</param>
internal readonly record struct WordQuery(uint Hash, float Weight, bool IsPair, bool IsName = false);
