using System.Text;

namespace RedisInfer.Folders;

/// <summary>
/// Recognizes a few Chinese, Japanese or Korean characters, of which the detector needs more. All bytes must be valid, and most characters
/// must be usual ones: kana, the first level of each national set, or syllables of Korean.
/// </summary>
internal static class EastAsianGuess
{
    private const double LeastUsual = 0.8;

    private static readonly (string Name, Func<byte, byte, bool> IsUsual)[] Sets =
    [
        ("shift_jis", (lead, _) => lead is 0x82 or 0x83 or (>= 0x88 and <= 0x97) or 0x81),
        ("gb18030", (lead, next) => lead is (>= 0xB0 and <= 0xD7) or 0xA1 or 0xA3 && next >= 0xA1),
        ("big5", (lead, _) => lead is (>= 0xA4 and <= 0xC6) or 0xA1),
        ("euc-kr", (lead, next) => lead is (>= 0xB0 and <= 0xC8) && next >= 0xA1),
        ("euc-jp", (lead, next) => lead is (>= 0xB0 and <= 0xCF) or 0xA1 or 0xA4 or 0xA5 && next >= 0xA1),
    ];

    /// <summary>The encoding with the most usual characters; <see langword="null"/> if none has enough.</summary>
    public static Encoding? Of(byte[] bytes)
    {
        (string name, double share) = Sets.Select(set => (set.Name, Share(set.Name, set.IsUsual, bytes))).MaxBy(set => set.Item2);
        return share >= LeastUsual ? CodePagesEncodingProvider.Instance.GetEncoding(name) : null;
    }

    private static double Share(string name, Func<byte, byte, bool> isUsual, byte[] bytes)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        if (encoding.GetString(bytes).Any(letter => letter is '\uFFFD' or (>= '\x80' and <= '\x9F') or (>= '\uE000' and <= '\uF8FF')))
            return 0;
        int usual = 0;
        int all = 0;
        for (int i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            all++;
            usual += isUsual(bytes[i], bytes[i + 1]) ? 1 : 0;
            i++;
        }

        return all == 0 ? 0 : (double)usual / all;
    }
}
