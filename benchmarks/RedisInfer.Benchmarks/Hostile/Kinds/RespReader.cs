using System.Buffers.Text;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Finds values of the Redis protocol (RESP2 and RESP3) in bytes that a client or an honest server has sent.</summary>
internal static class RespReader
{
    /// <summary>Returns the length of the first value; 0 if it is not complete.</summary>
    public static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        int lineEnd = bytes.IndexOf("\r\n"u8);
        if (lineEnd < 1)
        {
            return 0;
        }

        int end = lineEnd + 2;
        _ = Utf8Parser.TryParse(bytes[1..lineEnd], out int number, out _);
        switch ((char)bytes[0])
        {
            case '$' or '=' or '!':
                end += number < 0 ? 0 : number + 2;
                return end <= bytes.Length ? end : 0;
            case '*' or '~' or '>':
                return SkipValues(bytes, end, number);
            case '%':
                return SkipValues(bytes, end, 2 * number);
            case '|':
                return SkipValues(bytes, end, (2 * number) + 1);
            default:
                return end;
        }
    }

    /// <summary>The strings of a command, an array of bulk strings.</summary>
    public static List<byte[]> ReadCommand(ReadOnlySpan<byte> bytes)
    {
        var strings = new List<byte[]>();
        int at = bytes.IndexOf("\r\n"u8) + 2;
        while (at < bytes.Length)
        {
            int end = FindEnd(bytes[at..]);
            int start = bytes[at..].IndexOf("\r\n"u8) + 2;
            strings.Add(bytes.Slice(at + start, Math.Max(0, end - start - 2)).ToArray());
            at += end;
        }

        return strings;
    }

    private static int SkipValues(ReadOnlySpan<byte> bytes, int at, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int length = FindEnd(bytes[at..]);
            if (length == 0)
            {
                return 0;
            }

            at += length;
        }

        return at;
    }
}
