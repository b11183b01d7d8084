using System.Text;
using System.Text.RegularExpressions;

namespace RedisInfer.Documents.Html;

/// <summary>Decodes HTML: by its byte order mark, by the encoding that it declares, as UTF-8, or as Windows-1252 like browsers do.</summary>
internal static partial class HtmlEncoding
{
    // Browsers look for a declaration in the first 1,024 bytes. Some pages have long comments first.
    private const int PrescanBytes = 4096;

    private static readonly Encoding[] Marked =
        [new UTF8Encoding(true), new UTF32Encoding(false, true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];

    /// <summary>Decodes; a byte that is no text becomes a replacement character.</summary>
    public static (string Html, string Encoding) Decode(ReadOnlySpan<byte> bytes)
    {
        foreach (Encoding marked in Marked)
        {
            if (bytes.StartsWith(marked.Preamble))
                return (marked.GetString(bytes[marked.Preamble.Length..]), marked.WebName);
        }

        Encoding encoding = Declared(bytes) ?? (IsUtf8(bytes) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(1252)!);
        return (encoding.GetString(bytes), encoding.WebName);
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        Match match = Declaration().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, PrescanBytes)]));
        if (!match.Success)
            return null;
        string name = match.Groups["name"].Value;
        // Bytes that can be read as ASCII up to here are not UTF-16. Browsers take Latin-1 as Windows-1252.
        if (name.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) || name.StartsWith("utf-32", StringComparison.OrdinalIgnoreCase))
            return null;
        if (name.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase) || name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            name = "windows-1252";
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"(<meta[^>]+charset|<\?xml[^>]+encoding)\s*=\s*[""']?(?<name>[A-Za-z0-9_:.-]{2,40})",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();
}
