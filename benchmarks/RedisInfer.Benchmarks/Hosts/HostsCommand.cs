using System.CommandLine;
using RedisInfer.Benchmarks.Traffic;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Hosts;

/// <summary>Several hosts on one Redis: questions to a host at random, against questions that the hosts route, and hosts that are killed.</summary>
internal static class HostsCommand
{
    public static Command Create()
    {
        var hosts = new Option<int>("--hosts") { Description = "Number of hosts, each a process.", DefaultValueFactory = _ => 3 };
        var distinct = new Option<int>("--distinct") { Description = "Number of different questions.", DefaultValueFactory = _ => 40 };
        var questions = new Option<int>("--questions") { Description = "Number of questions asked.", DefaultValueFactory = _ => 160 };
        var zipf = new Option<double>("--zipf") { Description = "How much more often popular questions are asked: the exponent of Zipf's law.", DefaultValueFactory = _ => 1 };
        var stored = new Option<double>("--stored") { Description = "Share of the KV states of all contexts that Redis has room for.", DefaultValueFactory = _ => .1 };
        var kills = new Option<int>("--kills") { Description = "Number of hosts that are killed while they answer.", DefaultValueFactory = _ => 200 };
        var command = new Command("hosts", "Measures several hosts that answer each other's questions.") { hosts, distinct, questions, zipf, stored, kills };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (RedisPrograms.Find(RedisVersion.V8) is null)
            {
                await Console.Error.WriteLineAsync(RedisPrograms.HowToInstall(RedisVersion.V8));
                return ExitStatus.WrongInput;
            }

            var plan = new TrafficPlan(parsed.GetValue(distinct), parsed.GetValue(questions), parsed.GetValue(zipf));
            await new HostsRun(parsed.GetValue(hosts), plan, parsed.GetValue(stored), parsed.GetValue(kills)).RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
