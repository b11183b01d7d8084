using System.CommandLine;
using RedisInfer.Garnet;
using RedisInfer.Redis;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>Measures what each way of loading tokens and KV states costs, from Redis into memory that native code reads.</summary>
internal static class ContextLoadCommand
{
    public static Command Create()
    {
        var redis = new Option<string?>("--redis") { Description = "HOST:PORT of a Redis (default: an embedded Garnet)." };
        var rounds = new Option<int>("--rounds") { Description = "How often each load is measured.", DefaultValueFactory = _ => 7 };
        var largest = new Option<int>("--largest") { Description = "Largest KV state, in MB.", DefaultValueFactory = _ => 600 };
        var command = new Command("context-load", "Measures loading context: pinned, copied and over a raw socket.") { redis, rounds, largest };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(redis), parsed.GetValue(rounds), parsed.GetValue(largest), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? redis, int rounds, int largest, CancellationToken cancellationToken)
    {
        await using IRedisConnectionSource source = redis is null
            ? new EmbeddedGarnetServer(new GarnetOptions { InMemory = true })
            : new RedisConnectionSource(redis);
        var figures = new List<string>();
        figures.AddRange(MemoryRun.Run(rounds));
        figures.AddRange(await TokenRun.RunAsync(source, rounds, cancellationToken));
        figures.AddRange(await KvRun.RunAsync(source, redis, rounds, largest, cancellationToken));
        Console.WriteLine();
        figures.ForEach(Console.WriteLine);
        return 0;
    }
}
