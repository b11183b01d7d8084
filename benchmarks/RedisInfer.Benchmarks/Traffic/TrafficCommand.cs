using System.CommandLine;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Traffic;

/// <summary>A day of questions over a documentation, with one restart, for each way to keep what was computed.</summary>
internal static class TrafficCommand
{
    public static Command Create()
    {
        var distinct = new Option<int>("--distinct") { Description = "Number of different questions.", DefaultValueFactory = _ => 40 };
        var questions = new Option<int>("--questions") { Description = "Number of questions asked.", DefaultValueFactory = _ => 150 };
        var zipf = new Option<double>("--zipf") { Description = "How much more often popular questions are asked: the exponent of Zipf's law.", DefaultValueFactory = _ => 1 };
        var room = new Option<double[]>("--room")
        {
            Description = "GiB of a folder for KV states, as for a 4B model and 800 different questions; scaled to this model and these questions.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 10, 100],
        };
        var picture = new Option<string>("--picture") { Description = "The picture.", DefaultValueFactory = _ => Path.Combine(Repository.Root, "docs", "images", "traffic.svg") };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("traffic", "Measures a day of questions for each way to keep what was computed.") { distinct, questions, zipf, room, picture, threads };
        command.SetAction((parsed, cancellationToken) => new TrafficRun(
            WidenedDemo.GetOrCreate(WidenedDemo.Medium),
            parsed.GetValue(threads),
            new TrafficPlan(parsed.GetValue(distinct), parsed.GetValue(questions), parsed.GetValue(zipf)),
            parsed.GetRequiredValue(room)).RunAsync(parsed.GetRequiredValue(picture), cancellationToken));
        return command;
    }
}
