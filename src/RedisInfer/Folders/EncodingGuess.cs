using System.Text;
using UtfUnknown;

namespace RedisInfer.Folders;

/// <summary>
/// Finds the encoding of text that is not valid UTF-8. The detector finds the language's group of encodings. Within it, the one is used
/// whose text has the fewest signs of a wrong encoding.
/// </summary>
internal static class EncodingGuess
{
    private const string Vietnamese = "windows-1258";
    private const int SampleBytes = 256 << 10;

    // Share of control characters that binary files exceed, and of replaced characters that a wrong encoding exceeds.
    private const double MostControls = 0.02;
    private const double MostReplaced = 0.02;

    // The detector names these for other texts far more often than for their own.
    private static readonly string[] Rare =
        ["iso-8859-1", "iso-8859-3", "iso-8859-4", "iso-8859-10", "iso-8859-16", "ibm850", "ibm852", "ibm855"];

    private static readonly string[][] Groups =
    [
        ["windows-1252", "iso-8859-15", "iso-8859-1", "macintosh", "ibm850"],
        ["windows-1250", "iso-8859-2", "iso-8859-16", "x-mac-ce", "ibm852"],
        ["windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "ibm866", "ibm855", "x-mac-cyrillic"],
        ["windows-1253", "iso-8859-7"],
        ["windows-1254", "iso-8859-9", "iso-8859-3"],
        ["windows-1255", "iso-8859-8"],
        ["windows-1256", "iso-8859-6"],
        ["windows-1257", "iso-8859-13", "iso-8859-4", "iso-8859-10"],
    ];

    /// <summary>Decodes text that is not valid UTF-8.</summary>
    /// <returns>The text and its encoding; <see langword="null"/> if it is not text.</returns>
    public static (string Text, Encoding Encoding)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (CountControls(bytes) > bytes.Length * MostControls)
            return null;
        Encoding encoding = Utf8WithWrongBytes.IsLikely(bytes) ? Encoding.UTF8 : Find(Sample(bytes));
        return (encoding.GetString(bytes), encoding);
    }

    private static Encoding Find(byte[] sample)
    {
        foreach (DetectionDetail detail in CharsetDetector.DetectFromBytes(sample).Details ?? [])
        {
            string name = IsVietnamese(detail, sample) ? "windows-1258" : Known(detail.EncodingName);
            Encoding[] candidates = [.. Candidates(name).Select(TryGet).OfType<Encoding>()];
            if (candidates.MinBy(candidate => OddCharacters.Count(candidate.GetString(sample))) is not { } best)
                continue;
            string text = best.GetString(sample);
            if (text.Count(IsReplaced) > text.Count(IsForeign) * MostReplaced)
                continue;
            Encoding? eastAsian = best.IsSingleByte && OddCharacters.AreMany(text) ? EastAsianGuess.Of(sample) : null;
            return eastAsian ?? Usual(best, text, sample);
        }

        return EastAsianGuess.Of(sample) ?? TryGet("windows-1252")!;
    }

    /// <summary>The best known of the encodings that give the same text.</summary>
    private static Encoding Usual(Encoding encoding, string text, byte[] sample)
    {
        string[] group = Array.Find(Groups, group => group.Contains(encoding.WebName)) ?? [];
        return group.Take(1).Prepend("windows-1252").Select(TryGet).FirstOrDefault(other => other?.GetString(sample) == text) ?? encoding;
    }

    private static bool IsReplaced(char letter) => letter == '\uFFFD';

    private static bool IsForeign(char letter) => letter >= '\x80';

    /// <summary>The encodings that the detector may have meant, the likeliest first.</summary>
    private static IEnumerable<string> Candidates(string name)
    {
        string[] group = Array.Find(Groups, group => group.Contains(name)) ?? [name];
        bool isRare = name.Contains("mac", StringComparison.Ordinal) || Rare.Contains(name);
        return isRare ? group : group.Where(other => other == name).Concat(group.Where(other => other != name));
    }

    // What it names this way without the marks of Vietnamese is Turkish.
    private static bool IsVietnamese(DetectionDetail detail, byte[] sample) =>
        detail.EncodingName == Vietnamese && TryGet(Vietnamese)!.GetString(sample).Any(letter => letter is >= '\u0300' and <= '\u0323');

    // Lines of ASCII tell nothing of the encoding, unless they have the escape sequences of old Japanese mail.
    private static byte[] Sample(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= SampleBytes)
            return bytes.ToArray();
        var sample = new List<byte>(SampleBytes);
        while (!bytes.IsEmpty && sample.Count < SampleBytes)
        {
            int end = bytes.IndexOf((byte)'\n') is >= 0 and int found ? found + 1 : bytes.Length;
            if (!Ascii.IsValid(bytes[..end]) || bytes[..end].Contains((byte)'\e'))
                sample.AddRange(bytes[..Math.Min(end, SampleBytes)]);
            bytes = bytes[end..];
        }

        return [.. sample];
    }

    private static int CountControls(ReadOnlySpan<byte> bytes)
    {
        int controls = 0;
        foreach (byte value in bytes[..Math.Min(bytes.Length, SampleBytes)])
            controls += value < ' ' && (char)value is not ('\t' or '\n' or '\v' or '\f' or '\r' or '\e') ? 1 : 0;
        return controls;
    }

    /// <summary>The detector's name of an encoding, as .NET knows it.</summary>
    private static string Known(string name) => name.ToLowerInvariant() switch
    {
        Vietnamese => "windows-1254",
        "tis-620" or "iso-8859-11" => "windows-874",
        "gb2312" or "hz-gb-2312" => "gb18030",
        var other => other,
    };

    private static Encoding? TryGet(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
