using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>A case from the demo model's generator.</summary>
/// <param name="Passages">The passages, in prompt order.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The exact answer without citation, or <see langword="null"/> if no passage contains it.</param>
/// <param name="Citations">Numbers of the passages that are correct citations.</param>
internal sealed record GeneratedCase(
    IReadOnlyList<GeneratedPassage> Passages, string Question, string? Answer, IReadOnlyList<int> Citations)
{
    /// <summary>Runs the generator of models/demo/training.</summary>
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

            string[] lines = await File.ReadAllLinesAsync(output, cancellationToken);
            return [.. lines.Select(line => JsonSerializer.Deserialize<GeneratedCase>(line, JsonSerializerOptions.Web)!)];
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
