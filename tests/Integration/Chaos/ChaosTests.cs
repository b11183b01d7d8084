using System.Diagnostics;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Chaos;

/// <summary>A short run of the benchmark <c>chaos</c>, as a process: every fault once.</summary>
[Collection(ChaosCollection.Name)]
public sealed class ChaosTests
{
    private static readonly string[] MustBeZero =
        ["lost_documents", "torn_documents", "wrong_passages", "orphan_keys", "answers_failed_while_up", "not_recovered", "unexpected_deaths"];

    [Fact]
    public async Task NothingIsLostWhateverIsKilled()
    {
        if (RedisPrograms.Find(RedisVersion.V8) is null)
            Skipping.Because(RedisPrograms.HowToInstall(RedisVersion.V8));
        int seed = Random.Shared.Next(1, 1_000_000);
        var start = new ProcessStartInfo("dotnet", [Program(), "chaos", "--minutes", "0.5", "--kills", "8", "--seed", $"{seed}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
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

        string all = await output + await error;
        TestContext.Current.TestOutputHelper?.WriteLine(all);
        string[] lines = (await output).Split('\n', StringSplitOptions.TrimEntries);
        Assert.True(process.ExitCode == 0, all);
        Assert.Equal($"seed={seed}", lines[0]);
        Assert.All(MustBeZero, name => Assert.Contains($"{name}=0", lines));
        Assert.Contains(lines, line => line.StartsWith("kills=", StringComparison.Ordinal) && line != "kills=0");
        Assert.Contains(lines, line => line.StartsWith("recovered_in_ms_p95=", StringComparison.Ordinal));
    }

    /// <summary>The path of the benchmarks' build that matches the build of these tests.</summary>
    private static string Program()
    {
        string framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(framework)!);
        return Path.Combine(
            Repository.Root, "benchmarks", "RedisInfer.Benchmarks", "bin", configuration, Path.GetFileName(framework), "RedisInfer.Benchmarks.dll");
    }
}
