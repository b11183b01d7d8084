using System.CommandLine;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>Kills processes and servers while documents are indexed and questions are answered, and looks for what is lost.</summary>
internal static class ChaosCommand
{
    // What 200 kills and all other faults take on two CPUs.
    private const double DefaultMinutes = 30;
    private const int DefaultKills = 200;

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "Most minutes. Every fault occurs at least once, even if that takes longer.",
            DefaultValueFactory = _ => DefaultMinutes,
        };
        var kills = new Option<int>("--kills") { Description = "Number of kills of an indexer.", DefaultValueFactory = _ => DefaultKills };
        var redis = new Option<string>("--redis") { Description = "The servers.", DefaultValueFactory = _ => ChaosOptions.RedisKinds[0] };
        redis.AcceptOnlyFromAmong([.. ChaosOptions.RedisKinds]);
        var seed = new Option<int?>("--seed") { Description = "Repeats the choices of another run. Default: random." };
        var command = new Command("chaos", "Kills processes and servers, and looks for what is lost.") { minutes, kills, redis, seed };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ChaosOptions(
                parsed.GetValue(minutes), parsed.GetValue(kills), parsed.GetValue(redis)!, parsed.GetValue(seed) ?? Random.Shared.Next(1, 1_000_000)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine($"seed={options.Seed}");
        RedisVersion version = options.Version;
        if (RedisPrograms.Find(version) is null)
        {
            await Console.Error.WriteLineAsync(RedisPrograms.HowToInstall(version));
            return ExitStatus.WrongInput;
        }

        Console.WriteLine(
            $"servers: {options.Redis}; machine: {Machine.GetDescription()}; a cut lasts {options.Cut.TotalSeconds:0} s; after an outage questions may fail for "
            + $"{Downtime.Grace.TotalSeconds:0} s");
        await using ChaosRun run = await ChaosRun.StartAsync(options, cancellationToken);
        return await run.RunAsync(cancellationToken);
    }
}
