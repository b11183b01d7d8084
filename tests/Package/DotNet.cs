using System.Diagnostics;

namespace RedisInfer.Tests.Package;

/// <summary>Runs the dotnet command as a user would from a shell of their own.</summary>
internal static class DotNet
{
    /// <summary>Runs a command to its end and returns what it wrote to standard output; any other exit status than 0 fails.</summary>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (status, output) = await TryRunAsync(folder, environment, arguments);
        Assert.True(status == 0, $"dotnet {string.Join(' ', arguments)} ended with {status}:\n{output}");
        return output;
    }

    /// <summary>Runs a command to its end and returns its exit status and what it wrote.</summary>
    public static async Task<(int Status, string Output)> TryRunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the test host was started with would bend the new process's own SDK lookup.
        foreach (var name in start.Environment.Keys.Where(IsOfMSBuild).ToArray())
        {
            start.Environment.Remove(name);
        }

        // A build node left behind would keep the output pipe open, and this would wait for it.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await error);
    }

    private static bool IsOfMSBuild(string name) => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);
}
