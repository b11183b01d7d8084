using System.Buffers;

namespace RedisInfer.Chunking;

/// <summary>Finds where to split a text that is too long: at a line end, else a sentence end, else a space, else anywhere.</summary>
internal static class BreakFinder
{
    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?…。！？");
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"')]}»”’」』");

    /// <summary>Finds a split position.</summary>
    /// <param name="text">The text, longer than <paramref name="longest"/>.</param>
    /// <param name="longest">Most characters before the split; at least 1.</param>
    /// <param name="glued">Leading characters that should not be split off alone.</param>
    /// <returns>Number of characters before the split, at least 1; never inside a surrogate pair.</returns>
    public static int Find(ReadOnlySpan<char> text, int longest, int glued)
    {
        // A break that leaves a tiny piece is no better than the next kind of break.
        int least = Math.Max(longest / 4, glued < longest ? glued + 1 : 0);
        int cut = LastLineEnd(text, longest);
        if (cut <= least)
            cut = LastSentenceEnd(text, longest, least);
        if (cut <= least)
            cut = LastSpace(text, longest);
        return cut > least ? cut : Anywhere(text, longest);
    }

    /// <summary>Finds where the last sentence of a text begins.</summary>
    public static int LastSentence(ReadOnlySpan<char> text)
    {
        // A mark at the very end ends the last sentence itself.
        int end = LastSentenceEnd(text, Math.Max(0, text.TrimEnd().Length - 1), least: 0);
        return text.Length - text[end..].TrimStart().Length;
    }

    // A break may be right after the longest prefix, so the character there is examined, too.
    private static int LastLineEnd(ReadOnlySpan<char> text, int longest) => text[..(longest + 1)].LastIndexOf('\n');

    private static int LastSpace(ReadOnlySpan<char> text, int longest)
    {
        int index = longest;
        while (index > 0 && !char.IsWhiteSpace(text[index]))
            index--;
        return index;
    }

    private static int LastSentenceEnd(ReadOnlySpan<char> text, int longest, int least)
    {
        for (int index = longest; index > least;)
        {
            int mark = text[least..index].LastIndexOfAny(SentenceEnds);
            if (mark < 0)
                return 0;
            index = least + mark;
            int after = index + 1;
            while (after < longest && Closers.Contains(text[after]))
                after++;
            // A dot in "3.5" or "a.b" ends no sentence. Chinese and Japanese have no space after a sentence.
            if (after > least && (char.IsWhiteSpace(text[after]) || text[index] >= '\u3000'))
                return after;
        }

        return 0;
    }

    private static int Anywhere(ReadOnlySpan<char> text, int longest)
    {
        bool inPair = char.IsLowSurrogate(text[longest]) && char.IsHighSurrogate(text[longest - 1]);
        if (!inPair)
            return longest;
        return longest > 1 ? longest - 1 : 2;
    }
}
