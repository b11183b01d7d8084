using System.ComponentModel;
using System.Diagnostics;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.DemoModel;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>Runs the generator of models/demo/training.</summary>
internal static class Generator
{
    /// <summary>Makes cases of one question, and a quarter as many with an earlier turn.</summary>
    public static async Task<IReadOnlyList<GeneratedCase>> MakeAsync(int count, int seed, CancellationToken cancellationToken)
    {
        string output = Path.Combine(Path.GetTempPath(), $"redisinfer-cases-{Guid.NewGuid():N}.jsonl");
        string script = Path.Combine(Repository.Root, "models", "demo", "training", "generate.py");
        try
        {
            using Process process = Process.Start("python3", [script, "--cases", $"{count}", "--seed", $"{seed}", "--out", output]);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{script} ended with {process.ExitCode}.");
            }

            return await GeneratedCase.ReadAsync(output, cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("The generator needs python3 on the PATH.", e);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
