using System.Text;

namespace RedisInfer.Folders;

/// <summary>
/// Recognizes UTF-16 without a byte order mark. In one byte order, text has spaces, line ends, ASCII letters or the punctuation of East
/// Asia. In the other order, and in binary files, there is much that no text has.
/// </summary>
internal static class Utf16Guess
{
    private const int MaxUnits = 32 << 10;

    // At most this share of units may be wrong, and at least that share must be common.
    private const double MostWrong = 0.005;
    private const double LeastCommon = 0.005;

    /// <summary>The encoding of a text; <see langword="null"/> if it is not UTF-16.</summary>
    /// <param name="bytes">The text or its start.</param>
    public static Encoding? Of(ReadOnlySpan<byte> bytes)
    {
        double little = Score(bytes, isBigEndian: false);
        double big = Score(bytes, isBigEndian: true);
        return (little, big) switch
        {
            (0, 0) => null,
            _ => little >= big ? Encoding.Unicode : Encoding.BigEndianUnicode,
        };
    }

    /// <summary>Share of common characters; 0 if it is no text in this byte order.</summary>
    private static double Score(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        int units = Math.Min(MaxUnits, bytes.Length / 2);
        int wrong = 0;
        int common = 0;
        char previous = '\0';
        for (int i = 0; i < units; i++)
        {
            char unit = (char)(isBigEndian ? (bytes[2 * i] << 8) | bytes[(2 * i) + 1] : (bytes[(2 * i) + 1] << 8) | bytes[2 * i]);
            bool isPair = char.IsHighSurrogate(previous) == char.IsLowSurrogate(unit);
            wrong += isPair && IsOfText(unit) ? 0 : 1;
            common += IsCommon(unit) ? 1 : 0;
            previous = unit;
        }

        return units == 0 || wrong > units * MostWrong || common < units * LeastCommon ? 0 : (double)common / units;
    }

    private static bool IsOfText(char unit) => unit switch
    {
        '\t' or '\n' or '\v' or '\f' or '\r' or '\e' or '\uFEFF' => true,
        < ' ' or (>= '\x7F' and <= '\x9F') or (>= '\uE000' and <= '\uF8FF') or >= '\uFFF0' => false,
        _ => true,
    };

    private static bool IsCommon(char unit) =>
        unit is '\n' or '\r' or '\t' or (>= ' ' and <= '~') or (>= '\u3000' and <= '\u3002') or '\uFF0C';
}
