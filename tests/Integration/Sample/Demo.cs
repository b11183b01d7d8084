using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>Runs the built demo as a separate process, without a terminal and from another current directory.</summary>
internal static class Demo
{
    public static async Task<DemoResult> RunAsync(params IEnumerable<string> arguments)
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

        return new DemoResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the demo, for a test that does not wait until it ends.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), .. arguments])
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

    /// <summary>The path of the demo's build that matches the build of these tests.</summary>
    private static string Program()
    {
        string framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(framework)!);
        return Path.Combine(
            Repository.Root, "samples", "ConsoleDemo", "bin", configuration, Path.GetFileName(framework), "ConsoleDemo.dll");
    }
}
