using System.CommandLine.Parsing;
using System.Diagnostics;

namespace RedisInfer.Benchmarks.Check;

/// <summary>Runs a command of this program in a process of its own, so that a crash of one command does not end the check.</summary>
internal static class CommandProcess
{
    private const int LastLineCount = 20;

    // The slowest command takes about two minutes. A command that hangs must not hang the check.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs a command line to its end, or stops it after ten minutes.</summary>
    public static async Task<TryResult> RunAsync(string commandLine, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(OwnProgram.CreateStartInfo(CommandLineParser.SplitCommandLine(commandLine)))!;
        Task<string> reading = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> readingErrors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string note = "";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            note = $"stopped: it did not end within {Limit.TotalMinutes} minutes";
        }

        string output = await reading;
        IEnumerable<string> lines = $"{output}\n{await readingErrors}\n{note}".Split('\n').Where(line => !string.IsNullOrWhiteSpace(line));
        return new TryResult(process.ExitCode, Benchmarks.Figures.Parse(output.Split('\n')), string.Join('\n', lines.TakeLast(LastLineCount)));
    }
}
