using System.Diagnostics;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>
/// A host of its own process whose pool has two threads, and whose 200 callers block them until they have an answer. Were the library to
/// wait for threads of that pool, replies of the server would come too late.
/// </summary>
public sealed class StarvedHostTests
{
    private const int Callers = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task CallersThatBlockTheirThreadsAllGetAnAnswerFromTheEmbeddedServer() => AssertNoneFailsAsync();

    [Theory]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.Valkey)]
    public async Task CallersThatBlockTheirThreadsAllGetAnAnswer(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await AssertNoneFailsAsync(server.EndPoint);
    }

    private static async Task AssertNoneFailsAsync(params string[] redis)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "RedisInfer.Tests.StarvedHost.dll");
        using Process host = Process.Start(
            new ProcessStartInfo("dotnet", [program, TestModels.TextThatEnds, $"{Callers}", .. redis]) { RedirectStandardOutput = true })!;
        string output = await host.StandardOutput.ReadToEndAsync(Cancellation);
        await host.WaitForExitAsync(Cancellation);

        Assert.Equal("failures=0", output.Trim());
        Assert.Equal(0, host.ExitCode);
    }
}
