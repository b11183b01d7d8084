using System.Text;

namespace RedisInfer.Templates.Values;

/// <summary>Strings as Python counts them: by code points. Here they are stored as UTF-16.</summary>
internal static class CodePoints
{
    /// <summary>Number of code points. Half a pair counts as one.</summary>
    public static int Count(string text)
    {
        int count = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            count -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The characters, each a string.</summary>
    public static object?[] Split(string text)
    {
        object?[] result = new object?[Count(text)];
        for (int i = 0, at = 0; i < result.Length; i++)
        {
            int length = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
            result[i] = text.Substring(at, length);
            at += length;
        }

        return result;
    }

    /// <summary>The index of a code point for an index of UTF-16.</summary>
    public static int FromUtf16(string text, int index) => Count(text[..index]);

    /// <summary>The index in UTF-16 of a code point.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">From 0 to the count.</param>
    public static int ToUtf16(string text, int index)
    {
        int at = 0;
        for (int i = 0; i < index; i++)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }

        return at;
    }

    /// <summary>Compares by code points.</summary>
    public static int Compare(string left, string right)
    {
        int order = string.CompareOrdinal(left, right);
        if (order == 0)
            return 0;
        int same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return order;

        // UTF-16 sorts pairs of surrogates before U+E000 to U+FFFF.
        bool leftIsPair = char.IsSurrogate(left[same]), rightIsPair = char.IsSurrogate(right[same]);
        return leftIsPair == rightIsPair ? order : leftIsPair ? 1 : -1;
    }

    /// <summary>Whether a character is white space to Python.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';

    /// <summary>Removes white space, or some characters, at the ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="chars">The characters; <see langword="null"/>: white space.</param>
    /// <param name="start">Whether to do so at the start.</param>
    /// <param name="end">Whether to do so at the end.</param>
    public static string Strip(string text, string? chars, bool start, bool end)
    {
        int first = 0, last = text.Length;
        while (start && first < last && IsStripped(text[first]))
        {
            first++;
        }

        while (end && last > first && IsStripped(text[last - 1]))
        {
            last--;
        }

        return text[first..last];

        bool IsStripped(char c) => chars is null ? IsSpace(c) : chars.Contains(c);
    }

    /// <summary>Changes the first letter of each word to upper case, and the others to lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="startsWord">Whether a word starts after a character.</param>
    public static string ToTitle(string text, Func<char, bool> startsWord)
    {
        var result = new StringBuilder(text.Length);
        char before = ' ';
        foreach (char c in text)
        {
            result.Append(startsWord(before) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            before = c;
        }

        return result.ToString();
    }

    /// <summary>Changes all letters to upper case.</summary>
    public static string ToUpper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>Changes the first letter to upper case, and the others to lower case.</summary>
    public static string ToCapitalized(string text) =>
        text.Length == 0 ? text : string.Concat(text[..1].ToUpperInvariant(), text[1..].ToLowerInvariant());
}
