using System.Globalization;
using System.Text;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Answers that a server never gives, or gives to another command.</summary>
internal static class Lies
{
    private const int Records = 0;
    private const int KindsOfLie = 12;

    private static readonly string[] Errors =
    [
        "ERR", "ERR unknown command 'X'", "LOADING Redis is loading the dataset in memory", "NOAUTH Authentication required.",
        "NOPERM no permissions", "OOM command not allowed when used memory > 'maxmemory'.",
        "READONLY You can't write against a read only replica.", "WRONGTYPE Operation against a key holding the wrong kind of value",
        "MOVED 3999 127.0.0.1:1", "ASK 3999 127.0.0.1:1", "MOVED", "MOVED x y", "BUSY Redis is busy", "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down", "MISCONF Errors writing to disk", "EXECABORT Transaction discarded",
        "NOSCRIPT No matching script", "TRYAGAIN Multiple keys", "CROSSSLOT Keys", "", "\u0001\u0002", "DENIED",
        "ERR max number of clients reached",
    ];

    private static readonly string[] Values =
    [
        ":0\r\n", ":1\r\n", ":-1\r\n", ":9223372036854775807\r\n", ":-9223372036854775808\r\n", ":99999999999999999999\r\n", ":\r\n",
        ":x\r\n", "+OK\r\n", "+\r\n", "+QUEUED\r\n", "$0\r\n\r\n", "$-1\r\n", "$3\r\nabc\r\n", "$1\r\n1\r\n",
        "$20\r\n99999999999999999999\r\n", "*0\r\n", "*-1\r\n", "*1\r\n$-1\r\n", "*2\r\n$1\r\na\r\n$1\r\nb\r\n",
        "*1\r\n*1\r\n*1\r\n:1\r\n", "*3\r\n:1\r\n+a\r\n*0\r\n", "_\r\n", "#t\r\n", "#f\r\n", ",nan\r\n", ",inf\r\n", ",1e400\r\n",
        "(123456789012345678901234567890\r\n", "%0\r\n", "%1\r\n+a\r\n:1\r\n", "~1\r\n+a\r\n", "=7\r\ntxt:abc\r\n", "!3\r\nERR\r\n",
        ">2\r\n+message\r\n+a\r\n", "|1\r\n+a\r\n+b\r\n:1\r\n", "*4\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\na\r\n$1\r\nc\r\n",
        "*1\r\n$1\r\na\r\n",
    ];

    private static readonly string[] Broken =
    [
        "$2147483647\r\nabc\r\n", "$2147483648\r\n", "$99999999999999\r\n", "$-2\r\n", "$536870913\r\nx", "$x\r\n", "$",
        "*2147483647\r\n", "*1000000\r\n:1\r\n", "*100000000\r\n", "*-2\r\n", "*x\r\n", "%2147483647\r\n", "%1073741824\r\n",
        "~99999999\r\n", ">0\r\n", ">-1\r\n", "|99999999\r\n", "X\r\n", "\r\n", "\n", "\0\0\0\0", "HTTP/1.1 400 Bad Request\r\n\r\n",
        "<html>", "$3\r\nabcd\r\n", "$3\r\nab\r\n", "*2\r\n$1\r\na\r\n", "$?\r\n;3\r\nabc\r\n;0\r\n", "*?\r\n:1\r\n.\r\n",
    ];

    /// <summary>A way to lie. Damaged records are half of them: they get furthest.</summary>
    public static int Choose(Random random) => random.Chance(.5) ? Records : random.Next(KindsOfLie);

    /// <summary>Returns the lie; <see langword="null"/> to close the connection.</summary>
    public static byte[]? Tell(Random random, int way, byte[] answer) => way switch
    {
        Records or 1 => RecordLies.Change(random, answer),
        2 => Encoding.UTF8.GetBytes($"-{random.Pick(Errors)}\r\n"),
        3 or 4 => Encoding.ASCII.GetBytes(random.Pick(Values)),
        5 => Encoding.ASCII.GetBytes(random.Pick(Broken)),
        6 => Nested(random),
        7 => Truncate(random, answer),
        8 => [.. answer, .. answer],
        9 => OddValues.Damage(random, answer),
        10 => WithOtherLength(random, answer),
        _ => random.Chance(.5) ? null : [],
    };

    private static byte[] Nested(Random random)
    {
        int depth = random.Pick((int[])[2, 10, 100, 1000, 20_000]);
        return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(random.Chance(.5) ? "*1\r\n" : "*2\r\n:1\r\n", depth)) + ":1\r\n");
    }

    private static byte[] Truncate(Random random, byte[] answer) => answer[..random.Next(answer.Length)];

    /// <summary>The same answer with another length or count in one of its lines.</summary>
    private static byte[] WithOtherLength(Random random, byte[] answer)
    {
        int[] marks = [.. Enumerable.Range(0, answer.Length).Where(i => (i == 0 || answer[i - 1] == '\n') && answer[i] is (byte)'$' or (byte)'*' or (byte)'%')];
        if (marks.Length == 0)
        {
            return OddValues.Damage(random, answer);
        }

        int at = random.Pick(marks) + 1;
        int end = at + answer.AsSpan(at).IndexOf((byte)'\r');
        _ = int.TryParse(answer.AsSpan(at, Math.Max(0, end - at)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
        string other = random.Chance(.7) ? $"{number + random.Next(-3, 4)}" : $"{OddValues.Integer(random)}";
        return [.. answer[..at], .. Encoding.ASCII.GetBytes(other), .. answer[Math.Max(at, end)..]];
    }
}
