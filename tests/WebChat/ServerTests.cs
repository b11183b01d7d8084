using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.WebChat;

/// <summary>What the server does with requests that its page would not send.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequestsOfOtherSitesAreRefused()
    {
        await using ChatProcess server = await StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Get, host: "documents.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, origin: "http://documents.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, origin: "null"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, origin: server.Address.TrimEnd('/')));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string? host = null, string? origin = null)
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Get ? "api/status" : "api/ask");
            request.Headers.Host = host;
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
                request.Content = JsonContent.Create(new { text = "lamp" });
            }

            using HttpResponseMessage response = await server.Http.SendAsync(request, TestEnds);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("../../../etc/passwd.md", "passwd.md")]
    [InlineData("..\\..\\boot.md", "boot.md")]
    [InlineData(".hidden.md", "hidden.md")]
    [InlineData("a:b*c?.md", "a_b_c_.md")]
    [InlineData("Über uns 漢字.md", "Über uns 漢字.md")]
    [InlineData("..", "file")]
    public async Task NameOfADroppedFileLeadsNowhereElse(string name, string expected)
    {
        await using ChatProcess server = await StartAsync();
        string[] before = Directory.GetFileSystemEntries(_folder.Path);

        (int added, _) = await DropAsync(server, (name, "The rope of the south pier is new."u8.ToArray()));
        string[] paths = await FindAsync(server, "rope of the south pier", "dropped/");

        Assert.Equal(1, added);
        if (expected.EndsWith(".md", StringComparison.Ordinal))
        {
            Assert.Contains($"dropped/{expected}", paths);
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task TooManyAndTooLargeFilesAreRefusedByName()
    {
        await using ChatProcess server = await StartAsync();
        (string, byte[])[] many = [.. Enumerable.Range(0, 102).Select(i => ($"{i}.md", Encoding.UTF8.GetBytes($"The buoy {i} is red.")))];

        (int added, string[] problems) = await DropAsync(server, many);
        (int large, string[] reasons) = await DropAsync(server, ("large.md", new byte[(20 << 20) + 1]));

        Assert.Equal((100, 2), (added, problems.Length));
        Assert.All(problems, problem => Assert.Contains("100 files", problem, StringComparison.Ordinal));
        Assert.Equal(0, large);
        Assert.Contains("large.md", Assert.Single(reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\": \"\"}")]
    [InlineData("{\"text\": null}")]
    [InlineData("{}")]
    public async Task EmptyQuestionIsAnsweredWithWhatIsWrong(string body)
    {
        await using ChatProcess server = await StartAsync();

        using HttpResponseMessage response = await server.Http.PostAsync("api/ask", new StringContent(body, Encoding.UTF8, "application/json"), TestEnds);

        string events = await response.Content.ReadAsStringAsync(TestEnds);
        Assert.Contains("event: problem", events, StringComparison.Ordinal);
        Assert.Contains("question", events, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--docs", "missing-folder")]
    [InlineData("--url", "nowhere")]
    public async Task WrongCommandLineSaysWhatIsWrong(string name, string value)
    {
        ProgramResult result = await new BuiltProgram("samples/WebChat").RunAsync([name, value]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(name == "--url" ? "--url" : value, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ChatProcess> StartAsync()
    {
        File.WriteAllText(_folder["lamp.md"], "The lamp of the north pier is green.");
        return await ChatProcess.StartAsync("--docs", _folder.Path);
    }

    private static async Task<(int Added, string[] Problems)> DropAsync(ChatProcess server, params (string Name, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach ((string name, byte[] bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), "files", name);
        }

        using HttpResponseMessage response = await server.Http.PostAsync("api/files", form, TestEnds);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement result = await response.Content.ReadFromJsonAsync<JsonElement>(TestEnds);
        return (result.GetProperty("added").GetInt32(), [.. result.GetProperty("problems").EnumerateArray().Select(one => one.GetString()!)]);
    }

    /// <summary>Asks until a passage has such a path, and returns the paths of the last answer's passages.</summary>
    private static async Task<string[]> FindAsync(ChatProcess server, string question, string path)
    {
        string[] paths = [];
        for (int i = 0; i < 100 && !paths.Any(one => one.StartsWith(path, StringComparison.Ordinal)); i++)
        {
            await Task.Delay(100, TestEnds);
            using HttpResponseMessage response = await server.Http.PostAsJsonAsync("api/ask", new { text = question }, TestEnds);
            string data = (await response.Content.ReadAsStringAsync(TestEnds)).Split('\n').First(line => line.StartsWith("data: [", StringComparison.Ordinal));
            paths = [.. JsonDocument.Parse(data[6..]).RootElement.EnumerateArray().Select(one => one.GetProperty("path").GetString()!)];
        }

        return paths;
    }
}
