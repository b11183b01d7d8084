namespace RedisInfer.Retrieval;

/// <summary>How much a word is likely to say, from the word alone.</summary>
internal static class WordWeights
{
    internal const float FunctionWord = 0.05f;
    internal const float FrequentWord = 0.4f;
    internal const float SingleLetter = 0.3f;
    internal const float Number = 1.0f;
    internal const float AnyWord = 0.6f;
    internal const float PerLetter = 0.06f;
    internal const float MostLetters = 10;

    /// <summary>The weight of a word.</summary>
    /// <param name="word">In lower case.</param>
    /// <param name="stem">Its stem.</param>
    public static float Of(ReadOnlySpan<char> word, ReadOnlySpan<char> stem)
    {
        if (CommonWords.IsFunctionWord(word))
            return FunctionWord;
        if (CommonWords.IsFrequent(stem))
            return FrequentWord;
        if (char.IsDigit(word[0]))
            return word.Length > 1 ? Number : SingleLetter;
        // Long words are rarer than short ones (Zipf's law of abbreviation).
        return word.Length == 1 ? SingleLetter : AnyWord + PerLetter * Math.Min(word.Length, MostLetters);
    }
}
