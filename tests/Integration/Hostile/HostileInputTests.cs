using System.Globalization;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Hostile;

/// <summary>A short run of the benchmark <c>hostile</c>, with other inputs each time. The seed is in the output.</summary>
public sealed class HostileInputTests
{
    private const int Inputs = 600;

    [Fact]
    public async Task HostileInputsNeitherEndTheProcessNorHangNorGetUnclearErrors()
    {
        long seed = Random.Shared.NextInt64(1, 1_000_000_000);
        ProgramResult run = await new BuiltProgram("benchmarks/RedisInfer.Benchmarks").RunAsync(
        [
            "hostile", "--inputs", Inputs.ToString(CultureInfo.InvariantCulture), "--minutes", "1",
            "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ]);
        string output = $"{run.Output}\n{run.Error}\nexit status {run.ExitCode}";

        TestContext.Current.TestOutputHelper?.WriteLine(output);
        foreach (string figure in (string[])["process_deaths=0", "hangs=0", "unclear_errors=0"])
        {
            Assert.True(output.Split('\n').Contains(figure), $"{figure} is missing. The output has the arguments that repeat it.\n{output}");
        }
    }
}
