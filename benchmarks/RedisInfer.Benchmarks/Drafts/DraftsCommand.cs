using System.CommandLine;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Drafts;

/// <summary>The same questions with proposed tokens and without: the demo model at the cost of a real one, over the sample's handbook.</summary>
internal static class DraftsCommand
{
    public static Command Create()
    {
        var questions = new Option<int>("--questions") { Description = "Number of questions.", DefaultValueFactory = _ => 16 };
        var rounds = new Option<int>("--rounds") { Description = "How often they are asked with each number of callers.", DefaultValueFactory = _ => 3 };
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new Command("drafts", "Measures answers that propose tokens against answers that do not.") { questions, rounds, threads };
        command.SetAction((parsed, cancellationToken) => new DraftsRun(
            WidenedDemo.GetOrCreate(WidenedDemo.Large), parsed.GetValue(threads), parsed.GetValue(questions), parsed.GetValue(rounds)).RunAsync(cancellationToken));
        return command;
    }
}
