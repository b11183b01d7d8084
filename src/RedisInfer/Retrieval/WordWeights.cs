namespace RedisInfer.Retrieval;

/// <summary>
/// How much a word is likely to say, from the word alone. The numbers were chosen by recall on questions about prose, Markdown
/// and C++; the optimum is flat, a third up or down changes recall by a few hundredths.
/// </summary>
internal static class WordWeights
{
    /// <summary>The weight of an article, pronoun, question word and the like.</summary>
    public const float FunctionWord = 0.05f;
    /// <summary>The weight of a frequent word; one that weighs no more is no word to look for.</summary>
    public const float FrequentWord = 0.5f;
    private const float SingleLetter = 0.3f;
    /// <summary>The weight of two ideographs side by side: most words of such scripts.</summary>
    public const float IdeographPair = 0.8f;
    private const float ShortNumber = 0.8f;
    // Whoever asks with a longer number asks for that one: an order, an error, a port.
    private const float LongNumber = 1.2f;
    private const int LeastLongNumber = 3;
    private const float AnyWord = 0.6f;
    private const float PerLetter = 0.02f;
    private const float MostLetters = 10;

    /// <summary>The weight of a word.</summary>
    /// <param name="word">In lower case.</param>
    /// <param name="stem">Its stem.</param>
    public static float Of(ReadOnlySpan<char> word, ReadOnlySpan<char> stem)
    {
        if (CommonWords.IsFunctionWord(word))
            return FunctionWord;
        if (CommonWords.IsFrequent(stem))
            return FrequentWord;
        if (char.IsDigit(word[0]) && word.Length > 1)
            return word.Length < LeastLongNumber ? ShortNumber : LongNumber;
        // Long words are rarer than short ones (Zipf's law of abbreviation).
        return word.Length == 1 ? SingleLetter : AnyWord + PerLetter * Math.Min(word.Length, MostLetters);
    }
}
