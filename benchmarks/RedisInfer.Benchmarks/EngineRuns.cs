using System.CommandLine;
using System.Diagnostics;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.LLamaSharp;

namespace RedisInfer.Benchmarks;

/// <summary>Runs a benchmark with one engine, or with several one after the other, each in a process of its own.</summary>
internal static class EngineRuns
{
    public const string Own = "llama";
    public const string Sharp = "llamasharp";
    private const string Name = "--engine";

    public static Option<string[]> Option()
    {
        var option = new Option<string[]>(Name)
        {
            Description = "Engine: llama (ours, the default) or llamasharp. Given twice, both are measured, one after the other.",
            DefaultValueFactory = _ => [Own],
        };
        option.AcceptOnlyFromAmong(Own, Sharp);
        return option;
    }

    public static IInferenceEngine Create(string engine) => engine == Sharp ? LLamaSharpEngine.Create() : new LlamaEngine();

    /// <summary>Runs the benchmark. Of several engines, each figure gets the name of its engine in front.</summary>
    public static async Task<int> RunAsync(string[] engines, Func<string, Task> run, CancellationToken cancellationToken)
    {
        if (engines is [string engine])
        {
            Console.WriteLine($"engine: {engine}");
            await run(engine);
            return 0;
        }

        List<string> arguments = [.. Environment.GetCommandLineArgs().Skip(1)];
        for (int at; (at = arguments.IndexOf(Name)) >= 0;)
        {
            arguments.RemoveRange(at, 2);
        }

        List<string> figures = [];
        foreach (string one in engines.Distinct())
        {
            using Process process = Process.Start(OwnProgram.CreateStartInfo([.. arguments, Name, one]))!;
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (Figures.Parse([line]).Count > 0)
                {
                    figures.Add($"{one}_{line}");
                }
                else
                {
                    Console.WriteLine(line);
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                await Console.Error.WriteLineAsync($"{one}: {await error}");
                return process.ExitCode;
            }
        }

        figures.ForEach(Console.WriteLine);
        return 0;
    }
}
