using System.Diagnostics;
using System.Runtime.InteropServices;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Package;

/// <summary>A host that is compiled ahead of time, on a real server.</summary>
public sealed class NativeConsumerTests(PackedFeed feed, Redis8Fixture server) : IClassFixture<Redis8Fixture>
{
    private static readonly string[] Linkers = OperatingSystem.IsWindows() ? ["link.exe"] : ["clang", "gcc"];

    [Fact]
    public async Task ProgramCompiledAheadOfTimeIndexesAndAnswers()
    {
        if (!Linkers.Any(IsInPath))
            Skipping.Because($"Compiling ahead of time needs a linker in the path: {string.Join(" or ", Linkers)}.");
        string address = (await server.ConnectAsync()).GetEndPoints()[0].ToString()!;

        string program = await new ConsumerProject(feed, ConsumerKind.NativeConsumer, "native").PublishNativeAsync(RuntimeInformation.RuntimeIdentifier);
        string[] lines = await RunAsync(
            program,
            Path.Combine(PackedFeed.RepositoryRoot, "models", "demo", "redisinfer-demo.gguf"),
            address,
            Path.Combine(PackedFeed.RepositoryRoot, "samples", "ConsoleDemo", "handbook"),
            "How long are backups kept?");

        Assert.True(int.Parse(Value("indexed"), System.Globalization.CultureInfo.InvariantCulture) > 10);
        Assert.Contains("engineering/backups.md", Value("passages"), StringComparison.Ordinal);
        Assert.NotEqual("0", Value("tokens"));
        Assert.NotEqual("", Value("text"));
        Assert.Equal("False", Value("jit"));

        string Value(string name) => Assert.Single(lines, line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
    }

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"The program ended with exit status {process.ExitCode}:\n{error}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
