using System.Globalization;

namespace RedisInfer.Folders;

/// <summary>Counts what text has if it was decoded with a similar but wrong encoding.</summary>
internal static class OddCharacters
{
    // Words in the wrong encoding of the same language have less, those of another kind of script more.
    private const double MostOdd = 0.3;

    // Letters of Polish, and letters of Czech and Slovak. No language has both.
    private const string OfPolish = "ąęłńśźżĄĘŁŃŚŹŻ";
    private const string OfCzechAndSlovak = "ěřůčďňťľĺŕĚŘŮČĎŇŤĽĹŔ";

    /// <summary>Counts the odd characters of a text.</summary>
    public static int Count(string text)
    {
        int odd = 0;
        int polish = 0;
        int czech = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            char previous = i > 0 ? text[i - 1] : ' ';
            char next = i + 1 < text.Length ? text[i + 1] : ' ';
            if (letter is '\uFFFD' or (>= '\x80' and <= '\x9F'))
                odd += 4;
            else if (letter >= '\x80' && IsSymbol(letter) && char.IsLetter(previous) && (char.IsLetter(next) || IsLine(letter)))
                odd += 2;
            else if (char.IsUpper(letter) && char.IsLower(previous) && (letter >= '\x80' || previous >= '\x80'))
                odd++;
            polish += OfPolish.Contains(letter, StringComparison.Ordinal) ? 1 : 0;
            czech += OfCzechAndSlovak.Contains(letter, StringComparison.Ordinal) ? 1 : 0;
        }

        return odd + Math.Min(polish, czech);
    }

    /// <summary>Whether a text has so many odd characters that its encoding must be of another kind.</summary>
    public static bool AreMany(string text) => Count(text) > text.Count(letter => letter >= '\x80') * MostOdd;

    // Lines and blocks of old terminals.
    private static bool IsLine(char letter) => letter is >= '\u2500' and <= '\u259F';

    // Apostrophes, hyphens, dashes, spaces and middle dots are found within words.
    private static bool IsSymbol(char letter) =>
        letter is not ('\u2018' or '\u2019' or '\u00B7' or '\u00AD' or '\u00A0' or '\u2013' or '\u2014' or '\u2026' or '´')
        && char.GetUnicodeCategory(letter) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        && !char.IsLetterOrDigit(letter);
}
