using System.Net.Http.Json;
using System.Text.Json;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.WebChat;

/// <summary>Two servers with <c>--cluster</c>.</summary>
public sealed class ClusterTests : IDisposable
{
    private const string Question = "Which color has the lamp of the north pier?";

    private readonly TempFolder _folder = new();

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BothPagesAnswerAndSayWhichServerDid()
    {
        await using RedisServer redis = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await File.WriteAllTextAsync(_folder["lamp.md"], "The lamp of the north pier is green.", TestEnds);
        await using ChatProcess one = await StartAsync(redis);
        await using ChatProcess two = await StartAsync(redis);
        string[] servers = [new Uri(one.Address).Authority, new Uri(two.Address).Authority];
        string? first, second;
        do
        {
            first = await AskAsync(one);
            second = await AskAsync(two);
            Assert.All([first, second], host => Assert.True(host is null || servers.Contains(host)));
        }
        while (first is null || first != second);
    }

    [Fact]
    public async Task ClusterWithoutRedisSaysWhatIsMissing()
    {
        ProgramResult result = await new BuiltProgram("samples/WebChat").RunAsync(["--cluster"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("--redis", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<ChatProcess> StartAsync(RedisServer redis) => ChatProcess.StartAsync(
        "--cluster", "--redis", redis.EndPoint, "--docs", _folder.Path, "--url", $"http://127.0.0.1:{RedisServer.FreePort()}");

    /// <summary>Asks, and returns which server answered; <see langword="null"/>: nothing is indexed yet.</summary>
    private static async Task<string?> AskAsync(ChatProcess server)
    {
        using HttpResponseMessage response = await server.Http.PostAsJsonAsync("api/ask", new { text = Question }, TestEnds);
        string[] lines = (await response.Content.ReadAsStringAsync(TestEnds)).Split('\n');
        int answer = Array.IndexOf(lines, "event: answer");
        return answer < 0 ? null : JsonDocument.Parse(lines[answer + 1]["data: ".Length..]).RootElement.GetProperty("host").GetString();
    }
}
