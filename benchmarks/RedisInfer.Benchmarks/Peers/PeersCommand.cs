using System.CommandLine;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Peers;

/// <summary>The same prompts through the front door, and through LLamaSharp's executors as its examples use them.</summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        var questions = new Option<int>("--questions") { Description = "Number of questions of one caller.", DefaultValueFactory = _ => 8 };
        questions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
            {
                result.AddError("--questions must be 1 to 100.");
            }
        });
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var side = new Option<string[]>("--side") { Description = "Only this side; may be repeated (default: all).", DefaultValueFactory = _ => PeerRun.Sides };
        side.AcceptOnlyFromAmong(PeerRun.Sides);
        var directory = new Option<DirectoryInfo?>(PeerRun.DirectoryOption) { Hidden = true };
        var restart = new Option<bool>(PeerRun.RestartOption) { Hidden = true };
        var command = new Command("peers", "Compares the front door with LLamaSharp's own executors, over the same prompts.") { questions, threads, side, directory, restart };
        command.SetAction((parsed, cancellationToken) =>
        {
            var run = new PeerRun(WidenedDemo.GetOrCreate(WidenedDemo.Large), parsed.GetValue(threads), parsed.GetValue(questions));
            string[] sides = parsed.GetRequiredValue(side);
            return parsed.GetValue(directory) is { } folder
                ? run.MeasureSideAsync(sides[0], folder.FullName, parsed.GetValue(restart), cancellationToken)
                : run.CompareAsync([.. sides.Distinct()], cancellationToken);
        });
        return command;
    }
}
