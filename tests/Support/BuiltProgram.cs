using System.Diagnostics;
using Xunit;

namespace RedisInfer.Tests.Support;

/// <summary>
/// A program of the repository, in the build that matches that of the running tests. It runs as a separate process, without a terminal and
/// from another current directory.
/// </summary>
/// <param name="folder">The folder of its project, below the repository.</param>
public sealed class BuiltProgram(string folder)
{
    /// <summary>The file that <c>dotnet</c> runs.</summary>
    public string LibraryPath
    {
        get
        {
            string framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string configuration = Path.GetFileName(Path.GetDirectoryName(framework)!);
            return Path.Combine(Repository.Root, folder, "bin", configuration, Path.GetFileName(framework), $"{Path.GetFileName(folder)}.dll");
        }
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<ProgramResult> RunAsync(IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts it, for a test that does not wait until it ends.</summary>
    public Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [LibraryPath, .. arguments])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
