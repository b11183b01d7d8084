using System.Diagnostics;
using System.Globalization;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Hostile;

/// <summary>A short run of the benchmark <c>hostile</c>, with other inputs each time. The seed is in the output.</summary>
public sealed class HostileInputTests
{
    private const int Inputs = 600;

    // Not server: the Redis client itself reads memory that is not its own if a server gives a wrong length (docs/RELIABILITY.md).
    private static readonly string[] Kinds = ["model-files", "kv-states", "port", "documents", "requests"];

    [Fact]
    public async Task HostileInputsNeitherEndTheProcessNorHangNorGetUnclearErrors()
    {
        long seed = Random.Shared.NextInt64(1, 1_000_000_000);
        string output = await RunAsync(seed);

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        foreach (string figure in (string[])["process_deaths=0", "hangs=0", "unclear_errors=0"])
        {
            Assert.True(output.Split('\n').Contains(figure), $"{figure} is missing. Repeat it: hostile --inputs {Inputs} --seed {seed}\n{output}");
        }
    }

    private static async Task<string> RunAsync(long seed)
    {
        string framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(framework)!);
        string program = Path.Combine(
            Repository.Root, "benchmarks", "RedisInfer.Benchmarks", "bin", configuration, Path.GetFileName(framework), "RedisInfer.Benchmarks.dll");
        using Process process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                program, "hostile", "--inputs", Inputs.ToString(CultureInfo.InvariantCulture), "--minutes", "1",
                "--seed", seed.ToString(CultureInfo.InvariantCulture), .. Kinds.SelectMany(kind => (string[])["--kind", kind]),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return $"{output}\n{await error}\nexit status {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
