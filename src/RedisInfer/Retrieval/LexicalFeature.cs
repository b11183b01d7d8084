namespace RedisInfer.Retrieval;

/// <summary>Something a text holds: a word, a compound, a pair of words, or an n-gram.</summary>
/// <param name="Hash">What it is.</param>
/// <param name="Weight">How much it says.</param>
internal readonly record struct LexicalFeature(ulong Hash, float Weight) : IComparable<LexicalFeature>
{
    /// <inheritdoc/>
    public int CompareTo(LexicalFeature other)
    {
        int byHash = Hash.CompareTo(other.Hash);
        return byHash != 0 ? byHash : Weight.CompareTo(other.Weight);
    }
}
