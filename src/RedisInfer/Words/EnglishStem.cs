namespace RedisInfer.Words;

/// <summary>
/// Removes common English endings, so that "backups", "backed" and "backing" become one word. Deliberately coarser than Porter's algorithm:
/// a question and the texts that it is compared with are stemmed in the same way.
/// </summary>
internal static class EnglishStem
{
    private const int MinStem = 3;

    /// <summary>Length of the stem at the start of a word in lower case.</summary>
    public static int Length(ReadOnlySpan<char> word)
    {
        if (word.Length <= MinStem || !char.IsAsciiLetterLower(word[^1]))
            return word.Length;

        int length = WithoutPlural(word);
        length = WithoutVerbEnding(word[..length]);
        ReadOnlySpan<char> stem = word[..length];
        // Makes "store", "stored" and "storing" equal, and "copy" and "copies".
        if (length > MinStem && stem[^1] is 'e' or 'y' or 'i')
            length--;
        return length;
    }

    private static int WithoutPlural(ReadOnlySpan<char> word)
    {
        if (word.EndsWith("ies") && word.Length > 4)
            return word.Length - 2;
        if (word.EndsWith("sses") || word.EndsWith("shes") || word.EndsWith("ches") || word.EndsWith("xes"))
            return word.Length - 2;
        bool isPlural = word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i');
        return isPlural ? word.Length - 1 : word.Length;
    }

    private static int WithoutVerbEnding(ReadOnlySpan<char> word)
    {
        int ending = word.EndsWith("ing") ? 3 : word.EndsWith("ed") || word.EndsWith("ly") || word.EndsWith("er") ? 2 : 0;
        int length = word.Length - ending;
        if (ending == 0 || length < MinStem || !word[..length].ContainsAny("aeiouy"))
            return word.Length;
        // "running" becomes "run", but "falling" becomes "fall".
        bool isDoubled = word[length - 1] == word[length - 2] && word[length - 1] is not ('l' or 's' or 'z');
        return isDoubled && length > MinStem ? length - 1 : length;
    }
}
