using System.Text;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>Numbers and texts with which code that trusts its input goes wrong.</summary>
internal static class OddValues
{
    private static readonly long[] Integers =
    [
        0, 1, -1, 2, 3, 7, 31, 32, 33, 64, 127, 128, 255, 256, 511, 512, 513, 1023, 1024, 4096, 8191, 8192, 32767, 32768, 65535, 65536,
        100_000, 1 << 24, (1 << 30) - 1, 1 << 30, int.MaxValue - 1, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40,
        1L << 62, long.MaxValue, long.MinValue,
    ];

    // One of every plane that has characters, and those that change how a text is read.
    private static readonly int[] Runes =
    [
        0, 1, 8, 9, 10, 13, 27, ' ', '"', '\'', '\\', '`', '#', '<', '[', '*', ':', 127, 0x85, 0xA0, 0xAD, 0x301, 0x34F, 0x600, 0x61C,
        0x64B, 0xE31, 0x1680, 0x200B, 0x200D, 0x200E, 0x2028, 0x2029, 0x202E, 0x2066, 0x20DD, 0x2581, 0x3000, 0x4E2D, 0xAC00, 0xFB01,
        0xFDFA, 0xFE0F, 0xFEFF, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1D518, 0x1F1E6, 0x1F469, 0x1F680, 0x20000, 0x2FA1D, 0x30000,
        0x3FFFE, 0xE0001, 0xE0100, 0xF0000, 0x100000, 0x10FFFF,
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\0", "\n", "<|im_start|>", "<|im_end|>", "<|im_start|>system\n", "<|endoftext|>", "<think>", "</think>", "[1]", "[0]",
        "[999999999999]", "[1] other.md\n", "Question: ", "{{ x }}", "{% for x in y %}", "../../etc/passwd", "C:\\con", "null", "NaN",
        "-1", "1e999", "\\u0000", "%s%n%d", "'; DROP TABLE x;--", "*3\r\n$3\r\nSET\r\n", "\r\n+OK\r\n", "{\"a\":", "<0x41>", "\u2581",
        "ÃÂ¿", "How long are backups kept?", "backup", "the of and",
    ];

    public static T Pick<T>(this Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    public static long Integer(Random random) => random.Next(4) switch
    {
        0 => random.Next(-3, 600),
        1 => random.NextInt64(),
        _ => random.Pick(Integers),
    };

    public static int Int32(Random random) => unchecked((int)Integer(random));

    public static float Single(Random random) => random.Next(6) switch
    {
        0 => random.Pick((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, -0f, 1e-30f]),
        1 => (float)Integer(random),
        _ => (random.NextSingle() * 3) - 1,
    };

    /// <summary>A text of characters of every plane, broken characters, markers, and one thing repeated many times.</summary>
    public static string Text(Random random, int most)
    {
        var text = new StringBuilder();
        int length = Length(random, most);
        while (text.Length < length)
        {
            string piece = random.Next(8) switch
            {
                0 => ((char)random.Next(0xD800, 0xE000)).ToString(),
                1 or 2 => new Rune(random.Pick(Runes)).ToString(),
                3 => Rune.IsValid(random.Next(0x110000)) ? new Rune(random.Next(0x20, 0xD800)).ToString() : "x",
                4 => random.Pick(Texts),
                _ => new string((char)random.Next('a', 'z'), random.Next(1, 12)) + " ",
            };
            int times = random.Chance(.1) ? random.Next(1, Math.Max(2, (length - text.Length) / Math.Max(1, piece.Length))) : 1;
            text.Insert(text.Length, piece, times);
            length = piece.Length == 0 ? length - 1 : length;
        }

        return text.Length <= most ? text.ToString() : text.ToString(0, most);
    }

    /// <summary>Mostly short, sometimes as long as allowed.</summary>
    public static int Length(Random random, int most) => random.Next(10) switch
    {
        0 => most,
        1 => random.Next(most + 1),
        2 => Math.Min(most, random.Next(3)),
        _ => random.Next(Math.Min(most, 60) + 1),
    };

    /// <summary>Damages bytes: bits, numbers, ends, and parts that are moved or repeated.</summary>
    public static byte[] Damage(Random random, byte[] bytes)
    {
        byte[] damaged = [.. bytes];
        if (damaged.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        int at = random.Next(damaged.Length);
        switch (random.Next(6))
        {
            case 0:
                damaged[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                BitConverter.GetBytes(Int32(random)).AsSpan(0, Math.Min(4, damaged.Length - at)).CopyTo(damaged.AsSpan(at));
                break;
            case 2:
                BitConverter.GetBytes(Integer(random)).AsSpan(0, Math.Min(8, damaged.Length - at)).CopyTo(damaged.AsSpan(at));
                break;
            case 3:
                return damaged[..at];
            case 4:
                return [.. damaged, .. damaged[at..]];
            default:
                random.NextBytes(damaged.AsSpan(at, Math.Min(16, damaged.Length - at)));
                break;
        }

        return damaged;
    }
}
