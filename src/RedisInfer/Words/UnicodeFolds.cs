using System.Globalization;

namespace RedisInfer.Words;

/// <summary>
/// What characters become for search. The tables are the library's own, so that words are the same in every host, also if it sets
/// InvariantGlobalization, and with every release of ICU. <c>eng/unicode/MakeFolds.cs</c> makes them from Unicode's data.
/// </summary>
internal static class UnicodeFolds
{
    private const int PageSize = 256;
    private static readonly string?[]?[] Folds = new string?[0x110000 / PageSize][];
    private static readonly string?[]?[] Lowers = new string?[0x110000 / PageSize][];

    static UnicodeFolds()
    {
        using Stream stream = typeof(UnicodeFolds).Assembly.GetManifestResourceStream("RedisInfer.Words.unicode-folds.txt")!;
        using var reader = new StreamReader(stream);
        string?[]?[] table = Folds;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            else if (line is "fold" or "lower")
                table = line == "fold" ? Folds : Lowers;
            else
                Add(table, line);
        }
    }

    /// <summary>
    /// What a character becomes: without accents, ligature, width and the like; digits of all scripts become ASCII digits.
    /// </summary>
    /// <returns>Its characters; empty if it is dropped; <see langword="null"/> if it stays as it is.</returns>
    public static string? Fold(int character) => Folds[character / PageSize]?[character % PageSize];

    /// <summary>Lower case of a character that is not ASCII and that <see cref="Fold"/> leaves as it is.</summary>
    /// <returns>The lower case, of as many UTF-16 units; <see langword="null"/> if it has none.</returns>
    public static string? Lower(int character) => Lowers[character / PageSize]?[character % PageSize];

    private static void Add(string?[]?[] table, ReadOnlySpan<char> line)
    {
        int space = line.IndexOf(' ');
        ReadOnlySpan<char> range = line[..space];
        int dots = range.IndexOf('.');
        int first = Number(dots < 0 ? range : range[..dots]);
        int last = dots < 0 ? first : Number(range[(dots + 2)..]);
        string text = Text(line[(space + 1)..]);
        for (int character = first; character <= last; character++)
        {
            (table[character / PageSize] ??= new string?[PageSize])[character % PageSize] = text;
        }
    }

    private static string Text(ReadOnlySpan<char> numbers)
    {
        string text = "";
        if (numbers is "-")
            return text;
        foreach (Range number in numbers.Split(' '))
        {
            text += char.ConvertFromUtf32(Number(numbers[number]));
        }

        return text;
    }

    private static int Number(ReadOnlySpan<char> hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
