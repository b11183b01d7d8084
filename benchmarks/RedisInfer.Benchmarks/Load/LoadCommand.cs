using System.CommandLine;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Load;

/// <summary>Measures callers at once: questions over passages, with long prompts and short answers.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var questions = new Option<int>("--questions") { Description = "Number of questions for each number of callers.", DefaultValueFactory = _ => 16 };
        questions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 2)
            {
                result.AddError("--questions must be at least 2.");
            }
        });
        var threads = new Option<int>("--threads") { Description = "Number of compute threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var model = new Option<FileInfo?>("--model") { Description = "Model (default: the demo model in the shape of Qwen3-0.6B)." };
        var cold = new Option<bool>("--cold") { Description = "Measure only callers for whom nothing is reused." };
        var server = new Option<FileInfo>("--llama-server") { Description = "llama.cpp's server, to give it the same prompts." }.AcceptExistingOnly();
        var command = new Command("load", "Measures callers at once, with questions over passages.") { questions, threads, model, cold, server };
        command.SetAction((parsed, cancellationToken) => new LoadRun(
            parsed.GetValue(model)?.FullName ?? WidenedDemo.GetOrCreate(WidenedDemo.Large),
            parsed.GetValue(threads),
            parsed.GetValue(questions)).RunAsync(!parsed.GetValue(cold), parsed.GetValue(server)?.FullName, cancellationToken));
        return command;
    }
}
