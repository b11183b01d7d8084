using System.Globalization;
using System.Text;

namespace RedisInfer.Words;

/// <summary>What a character of a folded text is to the reader of words.</summary>
internal static class Script
{
    // No consonant has more vowels and marks.
    private const int MaxUnitLength = 16;

    /// <summary>Whether the character at an index is a letter, a digit, or a mark of one.</summary>
    public static bool IsWordPart(ReadOnlySpan<char> text, int index)
    {
        char c = text[index];
        return c < 0x80 ? char.IsAsciiLetterOrDigit(c) : IsWordPart(CategoryAt(text, index));
    }

    /// <summary>
    /// Whether the character at an index belongs to a script with few or no spaces between words: Han, kana, Hangul, and those of
    /// <see cref="IsOfSyllables"/>.
    /// </summary>
    public static bool IsUnspaced(ReadOnlySpan<char> text, int index) =>
        text[index] >= 0x0E01 && RuneAt(text, index) is var rune && (IsIdeographic(rune.Value) || IsOfSyllables(rune));

    /// <summary>
    /// Length of the first unit of a text of such a script: an ideograph, or a consonant with its vowels and marks.
    /// </summary>
    public static int UnitLength(ReadOnlySpan<char> text)
    {
        Rune first = RuneAt(text, 0);
        int length = first.Utf16SequenceLength;
        if (!IsOfSyllables(first))
            return length;
        bool joins = IsLeadingVowel(first.Value);
        while (length < Math.Min(text.Length, MaxUnitLength) && RuneAt(text, length) is var next && IsOfSyllables(next) && (joins || Follows(next)))
        {
            joins = JoinsConsonants(next.Value);
            length += next.Utf16SequenceLength;
        }

        return length;
    }

    private static bool IsWordPart(UnicodeCategory category) => category is <= UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber;

    private static UnicodeCategory CategoryAt(ReadOnlySpan<char> text, int index) =>
        char.IsSurrogate(text[index]) ? Rune.GetUnicodeCategory(RuneAt(text, index)) : char.GetUnicodeCategory(text[index]);

    /// <summary>The character at an index, which may be that of the second half of a surrogate pair.</summary>
    private static Rune RuneAt(ReadOnlySpan<char> text, int index)
    {
        bool isSecond = char.IsLowSurrogate(text[index]) && index > 0 && char.IsHighSurrogate(text[index - 1]);
        Rune.DecodeFromUtf16(text[(isSecond ? index - 1 : index)..], out Rune rune, out _);
        return rune;
    }

    private static bool IsIdeographic(int c) => c is (>= 0x3005 and <= 0x3007) or (>= 0x3041 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F) or (>= 0x1100 and <= 0x11FF)
        or (>= 0xAC00 and <= 0xD7FB) or (>= 0xF900 and <= 0xFAFF) or (>= 0x1AFF0 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFD);

    /// <summary>Thai, Lao, Myanmar, Khmer, Tai scripts and Ahom (line break class SA).</summary>
    private static bool IsOfSyllables(Rune rune) => rune.Value is (>= 0x0E01 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17DD)
            or (>= 0x1950 and <= 0x19DF) or (>= 0x1A20 and <= 0x1AAD) or (>= 0xA9E0 and <= 0xA9FE) or (>= 0xAA60 and <= 0xAADF)
            or (>= 0x11700 and <= 0x1174F)
        && Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.SpacingCombiningMark;

    /// <summary>Vowels that are written before their consonant.</summary>
    private static bool IsLeadingVowel(int c) =>
        c is (>= 0x0E40 and <= 0x0E44) or (>= 0x0EC0 and <= 0x0EC4) or 0xAAB5 or 0xAAB6 or 0xAAB9 or 0xAABB or 0xAABC;

    /// <summary>Whether the character belongs to the consonant before it.</summary>
    private static bool Follows(Rune rune) => rune.Value is 0x0E30 or 0x0E32 or 0x0E33 or 0x0E45 or 0x0EB0 or 0x0EB2 or 0x0EB3
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Signs that write the next consonant below this one.</summary>
    private static bool JoinsConsonants(int c) => c is 0x1039 or 0x17D2 or 0x1A60;
}
