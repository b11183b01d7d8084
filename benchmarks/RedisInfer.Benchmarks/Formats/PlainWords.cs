using System.Text;

namespace RedisInfer.Benchmarks.Formats;

/// <summary>Words without what differs between formats: case, ligatures, hyphens, quotes and white space.</summary>
internal static class PlainWords
{
    private static readonly (string Ligature, string Letters)[] Ligatures =
        [("\uFB00", "ff"), ("\uFB01", "fi"), ("\uFB02", "fl"), ("\uFB03", "ffi"), ("\uFB04", "ffl")];

    /// <summary>The words in their order.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (char c in Plain(text))
        {
            if (char.IsLetterOrDigit(c))
                words.Append(char.ToLowerInvariant(c));
            else if (c is not ('-' or '\u00AD' or '\u2010' or '\u2011' or '\'' or '’'))
                words.Append(' ');
        }

        return words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The letters and digits alone.</summary>
    public static string Squash(string text) => string.Concat(Of(text));

    private static string Plain(string text)
    {
        foreach ((string ligature, string letters) in Ligatures)
            text = text.Replace(ligature, letters, StringComparison.Ordinal);
        return text;
    }
}
