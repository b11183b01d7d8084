using System.CommandLine;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>Measures what a request pays for what others keep and ask.</summary>
internal static class SteadyCommand
{
    public static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var questions = new Option<int>("--questions") { Description = "Number of different questions before the second measurement.", DefaultValueFactory = _ => 300 };
        questions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < SteadyRun.ComparedEvery)
            {
                result.AddError($"--questions must be at least {SteadyRun.ComparedEvery}.");
            }
        });
        var kept = new Option<bool>("--kept") { Description = "Measure only what kept states cost, and not callers at depth." };
        var command = new Command("steady", "Measures a fresh runtime against one after many questions, and callers at depth.")
        {
            threads, questions, kept,
        };
        command.SetAction((parsed, cancellationToken) =>
            new SteadyRun(parsed.GetValue(threads), parsed.GetValue(questions)).RunAsync(!parsed.GetValue(kept), cancellationToken));
        return command;
    }
}
