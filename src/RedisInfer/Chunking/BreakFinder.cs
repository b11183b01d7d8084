using System.Buffers;

namespace RedisInfer.Chunking;

/// <summary>
/// Finds where to split a text that is too long: at a line end, else a sentence end, else a space, else anywhere. In prose that was wrapped at
/// a width, line ends say nothing: there, a sentence end is better.
/// </summary>
internal static class BreakFinder
{
    // Of the line ends of wrapped prose: how many are where the next word did not fit. A name that may not be broken makes others.
    private const double WrappedShare = 0.75;

    // What quotes and comments begin a line with.
    private const string LineMarks = " \t>#/*";

    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(".!?…。！？");
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"')]}»”’」』");

    /// <summary>Finds a split position.</summary>
    /// <param name="text">The text, longer than <paramref name="longest"/>.</param>
    /// <param name="longest">Most characters before the split; at least 1.</param>
    /// <param name="glued">Leading characters that should not be split off alone.</param>
    /// <param name="isWrapped">Whether it is prose that was wrapped at a width.</param>
    /// <returns>Number of characters before the split, at least 1; never inside a surrogate pair.</returns>
    public static int Find(ReadOnlySpan<char> text, int longest, int glued, bool isWrapped)
    {
        // A break that leaves a tiny piece is no better than the next kind of break.
        int least = Math.Max(longest / 4, glued < longest ? glued + 1 : 0);
        int cut = isWrapped ? LastSentenceEnd(text, longest, least) : LastLineEnd(text, longest);
        if (cut <= least)
            cut = isWrapped ? LastLineEnd(text, longest) : LastSentenceEnd(text, longest, least);
        if (cut <= least)
            cut = LastSpace(text, longest);
        return cut > least ? cut : Anywhere(text, longest);
    }

    /// <summary>Whether lines end where the next word would not have fit, rather than where a record or a sentence ends.</summary>
    public static bool IsWrapped(ReadOnlySpan<char> text)
    {
        int width = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
            width = Math.Max(width, line.TrimEnd().Length);

        int ends = 0, wrapped = 0, length = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (length > 0)
            {
                ReadOnlySpan<char> next = line.Trim(LineMarks);
                int space = next.IndexOf(' ');
                ends++;
                wrapped += length + 1 + (space < 0 ? next.Length : space) > width ? 1 : 0;
            }

            length = line.TrimEnd().Length;
        }

        return wrapped > 0 && wrapped >= WrappedShare * ends;
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
