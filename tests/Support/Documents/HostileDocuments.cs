using System.Collections.Concurrent;
using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>
/// Generates hostile documents: bombs that are known for each format, then valid documents with seeded damage. The same seed gives the same
/// documents.
/// </summary>
public static class HostileDocuments
{
    private const int MaxDamages = 8;
    private const int BombEvery = 20;

    private static readonly ConcurrentDictionary<string, (byte[] Sample, (string Name, byte[] Bytes)[] Bombs)> Known = new();

    private static readonly string[] Fragments =
    [
        "\0", "\u00FF\u00FE", "-1", "0", "99999999999999999999", "4294967296", "NaN", "1e999", "<", ">", "&", "&lol;", "]]>", "<![CDATA[", "<!--",
        "(", ")", "[", "]", "<<", ">>", "endobj", "endstream", "stream\n", "1 0 R", "2 0 R", "/Length 99999999", "/Kids [2 0 R]", "/Prev 0", "xref",
        "startxref\n0\n", "\r\n\r\n", "--b1--", "boundary=", "{", "}", "\"", "<table>", "<td rowspan=65534 colspan=1000>", "<select>", "<svg><p>",
        "</w:p>", "<w:tbl>", "../../../", "\uD800", "%PDF-", "PK\u0003\u0004",
    ];

    /// <summary>Generates documents of a format.</summary>
    /// <param name="format">One of <see cref="SampleDocuments.Formats"/>.</param>
    /// <param name="seed">Chooses the damage.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<HostileDocument> Of(string format, int seed, int count)
    {
        int number = 0;
        foreach ((string name, byte[] bytes) in Bombs.Of(format))
        {
            if (number++ == count)
                yield break;
            yield return new HostileDocument($"{name}.{format}", bytes);
        }

        byte[] sample = SampleDocuments.Of(format);
        for (var random = new Random(seed); number < count; number++)
        {
            yield return new HostileDocument($"damaged-{number}.{format}", DamageAny(sample, random));
        }
    }

    /// <summary>Generates one document of a format: sometimes a bomb, mostly damage.</summary>
    /// <param name="format">One of <see cref="SampleDocuments.Formats"/>.</param>
    /// <param name="random">Chooses.</param>
    public static HostileDocument Any(string format, Random random)
    {
        (byte[] sample, (string Name, byte[] Bytes)[] bombs) = Known.GetOrAdd(
            format, static format => (SampleDocuments.Of(format), [.. Bombs.Of(format)]));
        if (random.Next(BombEvery) == 0 && bombs.Length > 0)
        {
            (string name, byte[] bytes) = bombs[random.Next(bombs.Length)];
            return new HostileDocument($"{name}.{format}", bytes);
        }

        return new HostileDocument($"damaged-{random.Next(1000)}.{format}", DamageAny(sample, random));
    }

    private static byte[] DamageAny(byte[] sample, Random random) =>
        sample[0] == 'P' && random.Next(4) > 0 ? DamagePart(sample, random) : Damage(sample, random);

    /// <summary>Damages one part of a zip, which then is a valid zip.</summary>
    private static byte[] DamagePart(byte[] zip, Random random)
    {
        List<(string Path, byte[] Bytes)> parts = ZipWriter.Read(zip);
        int part = random.Next(parts.Count);
        if (random.Next(8) == 0)
            parts.RemoveAt(part);
        else
            parts[part] = (parts[part].Path, Damage(parts[part].Bytes, random));
        return ZipWriter.Write(parts);
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (int i = random.Next(1, MaxDamages); i > 0 && damaged.Count > 0; i--)
        {
            int at = random.Next(damaged.Count);
            int length = Math.Min(random.Next(1, 64), damaged.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    damaged.RemoveRange(at, length);
                    break;
                case 3:
                    damaged.InsertRange(at, damaged.GetRange(random.Next(damaged.Count - length + 1), length));
                    break;
                case 4:
                    damaged.InsertRange(at, Encoding.Latin1.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 5:
                    damaged.InsertRange(at, Enumerable.Repeat(damaged.GetRange(at, length), random.Next(1, 50)).SelectMany(run => run));
                    break;
                default:
                    damaged.RemoveRange(at, random.Next(20) == 0 ? damaged.Count - at : 0);
                    break;
            }
        }

        return [.. damaged];
    }
}
