using System.IO.Hashing;
using System.Text;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// Decides which answers of a server are false. The decision depends on the command and on how often it was answered before, not on which
/// of two connections is first. So an input is the same when it is repeated.
/// </summary>
internal sealed class Liar
{
    // A lie while a client connects costs a time-out, and does not get far.
    private static readonly HashSet<string> Greetings = new(StringComparer.Ordinal)
    {
        "HELLO", "CLIENT", "AUTH", "PING", "ECHO", "INFO", "CONFIG", "SENTINEL", "CLUSTER", "SUBSCRIBE", "SELECT", "COMMAND", "",
    };

    private static readonly string[] Commands =
    [
        "HGETALL", "HGET", "HMGET", "GET", "MGET", "EXEC", "STRLEN", "EXISTS", "VSIM", "VCARD", "VADD", "VEMB", "VREM", "HSCAN",
        "INCRBY", "INCR", "HSET", "SET", "HEXISTS", "HLEN", "TIME", "EVAL", "EVALSHA", "PEXPIRE", "EXPIRE", "ZRANGE", "ZREVRANGE",
        "ZRANGEBYSCORE", "ZADD", "GETRANGE", "DEL", "UNLINK", "MULTI", "WATCH", "HKEYS", "PTTL", "HELLO", "INFO",
    ];

    private readonly int _seed;
    private readonly double _chance;
    private readonly double _chanceOfGreeting;
    private readonly string? _command;
    private readonly int? _lie;
    private readonly bool _hidesVectorSets;
    private readonly Dictionary<string, int> _answers = [];

    private Liar(int seed, double chance, double chanceOfGreeting, string? command, int? lie, bool hidesVectorSets)
    {
        _seed = seed;
        _chance = chance;
        _chanceOfGreeting = chanceOfGreeting;
        _command = command;
        _lie = lie;
        _hidesVectorSets = hidesVectorSets;
    }

    /// <summary>Never gives a false answer.</summary>
    public static Liar Honest { get; } = new(0, 0, 0, null, null, false);

    /// <summary>Never gives a false answer, but knows no Vector Sets.</summary>
    public static Liar WithoutVectorSets { get; } = new(0, 0, 0, null, null, hidesVectorSets: true);

    public static Liar Make(Random random, bool hidesVectorSets) => random.Chance(.5)
        ? new Liar(random.Next(), random.Pick((double[])[.2, 1, 1]), 0, random.Pick(Commands), Lies.Choose(random), hidesVectorSets)
        : new Liar(
            random.Next(),
            random.Pick((double[])[.01, .05, .3]),
            random.Chance(.1) ? .3 : 0,
            null,
            random.Chance(.5) ? Lies.Choose(random) : null,
            hidesVectorSets);

    /// <summary>Returns what the client gets; <see langword="null"/> to close the connection.</summary>
    public byte[]? Answer(string command, byte[] answer)
    {
        int before;
        lock (_answers)
        {
            before = _answers.GetValueOrDefault(command);
            _answers[command] = before + 1;
        }

        if (_hidesVectorSets && command.StartsWith('V'))
        {
            return Encoding.UTF8.GetBytes($"-ERR unknown command '{command}'\r\n");
        }

        var random = new Random(unchecked((int)XxHash32.HashToUInt32(Encoding.UTF8.GetBytes($"{_seed} {command} {before}"))));
        bool isAsked = _command is null ? !Greetings.Contains(command) || random.Chance(_chanceOfGreeting) : command == _command;
        return isAsked && random.Chance(_chance) ? Lies.Tell(random, _lie ?? Lies.Choose(random), answer) : answer;
    }
}
