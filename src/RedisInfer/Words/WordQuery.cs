namespace RedisInfer.Words;

/// <summary>A word of a question.</summary>
/// <param name="Hash">What it is.</param>
/// <param name="Weight">How much it matters by itself; how rare it is in the corpus counts besides.</param>
/// <param name="IsPair">Whether it is a pair of words that only stand side by side.</param>
/// <param name="IsName">Whether it looks like a name or an abbreviation, for which a text has no other word.</param>
internal readonly record struct WordQuery(uint Hash, float Weight, bool IsPair, bool IsName = false);
