using System.Globalization;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Garnet;

/// <summary>Data of every kind that the library stores, written by commands, and the checks that it can be read later.</summary>
internal static class GarnetData
{
    public const int VectorCount = 40;

    private const int Dimensions = 8;

    /// <summary>Commands that write strings, a hash, a TTL and a vector set, then replace some of this data and remove some.</summary>
    public static IEnumerable<string> Commands()
    {
        yield return "SET {c}:text before";
        yield return "SET {c}:text after";
        yield return "SET {c}:removed x";
        yield return "DEL {c}:removed";
        yield return "SET {c}:timed x EX 1000";
        yield return "HSET {c}:manifest a 1 b 2 c 3";
        yield return "HDEL {c}:manifest c";
        for (var i = 0; i < VectorCount; i++)
            yield return $"VADD {{c}}:vectors VALUES {Dimensions} {Vector(i)} e{i} NOQUANT SETATTR n{i} XDISTANCE_METRIC COSINE";
        yield return "VREM {c}:vectors e7";
    }

    public static async Task AssertAllThereAsync(Func<string, Task<string>> execute)
    {
        Assert.Equal("after", await execute("GET {c}:text"));
        Assert.Equal("0", await execute("EXISTS {c}:removed"));
        Assert.InRange(int.Parse(await execute("TTL {c}:timed"), CultureInfo.InvariantCulture), 1, 1000);
        Assert.Equal("1 2", await execute("HMGET {c}:manifest a b"));
        Assert.Equal("2", await execute("HLEN {c}:manifest"));
        for (var i = 0; i < VectorCount; i++)
        {
            var nearest = await execute($"VSIM {{c}}:vectors VALUES {Dimensions} {Vector(i)} COUNT 1 WITHATTRIBS");
            if (i == 7)
                Assert.NotEqual("e7 n7", nearest);
            else
                Assert.Equal($"e{i} n{i}", nearest);
        }
    }

    public static Func<string, Task<string>> On(IConnectionMultiplexer connection) => async command =>
    {
        var words = command.Split(' ');
        var reply = await connection.GetDatabase().ExecuteAsync(words[0], words[1..]);
        return reply.Length >= 0 ? string.Join(' ', (RedisResult[])reply!) : (string?)reply ?? "";
    };

    private static string Vector(int seed)
    {
        var random = new Random(seed);
        return string.Join(' ', Enumerable.Range(0, Dimensions).Select(_ => (random.NextDouble() - 0.5).ToString("F6", CultureInfo.InvariantCulture)));
    }
}
