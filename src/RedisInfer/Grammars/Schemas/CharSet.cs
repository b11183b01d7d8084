namespace RedisInfer.Grammars.Schemas;

/// <summary>A set of characters: ranges of code points, in order, without overlap.</summary>
/// <param name="ranges">First and last code point of each range, in order.</param>
internal sealed class CharSet(IReadOnlyList<(int First, int Last)> ranges)
{
    // Beyond it, some readers of patterns see one character and others two.
    private const int LastOfBasicPlane = 0xFFFF;

    private const int FirstSurrogate = 0xD800, LastSurrogate = 0xDFFF;

    /// <summary>All characters but the ends of lines, as <c>.</c> means them.</summary>
    public static CharSet NoLineEnd { get; } = Of(('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029')).Complement();

    /// <summary><c>\d</c>.</summary>
    public static CharSet Digits { get; } = Of(('0', '9'));

    /// <summary><c>\w</c>.</summary>
    public static CharSet WordCharacters { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary><c>\s</c>, of which only ASCII is written.</summary>
    public static CharSet Spaces { get; } = Of(('\t', '\n'), ('\f', '\r'), (' ', ' '));

    /// <summary><c>\S</c>: no space in any reading of the word.</summary>
    public static CharSet NoSpaces { get; } = Of(
        ('\t', '\r'), (' ', ' '), ('\u0085', '\u0085'), ('\u00A0', '\u00A0'), ('\u1680', '\u1680'), ('\u180E', '\u180E'), ('\u2000', '\u200A'),
        ('\u2028', '\u2029'), ('\u202F', '\u202F'), ('\u205F', '\u205F'), ('\u3000', '\u3000'), ('\uFEFF', '\uFEFF')).Complement();

    /// <summary><c>\W</c> and <c>\D</c>, of which only ASCII is written: readers differ in what else is a letter or a digit.</summary>
    public static CharSet Ascii { get; } = Of((0, 0x7F));

    /// <summary>The ranges.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => ranges;

    /// <summary>Whether there is no character in it.</summary>
    public bool IsEmpty => ranges.Count == 0;

    /// <summary>Makes a set of any ranges. Surrogates are left out.</summary>
    public static CharSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        var merged = new List<(int First, int Last)>();
        foreach ((int first, int last) in ranges.SelectMany(WithoutSurrogates).OrderBy(range => range.First))
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            }
            else
            {
                merged.Add((first, last));
            }
        }

        return new CharSet(merged);
    }

    /// <summary>All other characters of the basic plane.</summary>
    public CharSet Complement()
    {
        var others = new List<(int First, int Last)>();
        int next = 0;
        foreach ((int first, int last) in ranges)
        {
            others.Add((next, first - 1));
            next = last + 1;
        }

        others.Add((next, LastOfBasicPlane));
        return Of(others);
    }

    /// <summary>The characters of the basic plane that another set has, too.</summary>
    public CharSet And(CharSet other) => Of(Complement().Ranges.Concat(other.Complement().Ranges)).Complement();

    private static IEnumerable<(int First, int Last)> WithoutSurrogates((int First, int Last) range)
    {
        if (range.First <= Math.Min(range.Last, FirstSurrogate - 1))
        {
            yield return (range.First, Math.Min(range.Last, FirstSurrogate - 1));
        }

        if (Math.Max(range.First, LastSurrogate + 1) <= range.Last)
        {
            yield return (Math.Max(range.First, LastSurrogate + 1), range.Last);
        }
    }
}
