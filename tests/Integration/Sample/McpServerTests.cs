using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>The sample <c>McpServer</c> as a client of the protocol sees it.</summary>
public sealed class McpServerTests : IDisposable
{
    private static readonly BuiltProgram Server = new("samples/McpServer");

    private readonly TempFolder _folder = new();

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClientSeesTwoToolsThatOnlyReadAndSayWhatTheyReturn()
    {
        await using McpClient client = await StartAsync();

        IList<McpClientTool> tools = await client.ListToolsAsync(cancellationToken: TestEnds);

        Assert.Equal(["ask", "search"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool =>
        {
            Assert.True(tool.ProtocolTool.Annotations!.ReadOnlyHint);
            Assert.Equal(["question"], tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
            Assert.Equal(["question", "paths", "topK"], tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(one => one.Name));
            Assert.NotNull(tool.ProtocolTool.OutputSchema);
        });
    }

    [Fact]
    public async Task QuestionIsAnsweredFromTheHandbookWithItsCitation()
    {
        await using McpClient client = await StartAsync();

        JsonElement result = await CallAsync(client, "ask", new() { ["question"] = "How long are backups of the orders database kept?" });

        Assert.Contains("35 days", result.GetProperty("answer").GetString(), StringComparison.Ordinal);
        JsonElement citation = Assert.Single(result.GetProperty("citations").EnumerateArray());
        Assert.Equal("engineering/backups.md", citation.GetProperty("path").GetString());
        Assert.Contains($"[{citation.GetProperty("number").GetInt32()}]", result.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.InRange(citation.GetProperty("endLine").GetInt32(), citation.GetProperty("startLine").GetInt32(), 1000);
        Assert.Equal("stop", result.GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task FilesThatChangeAreFoundWithoutARestart()
    {
        File.WriteAllText(_folder["lamp.md"], "The lamp of the north pier is green.");
        await using McpClient client = await StartAsync("--docs", _folder.Path);
        Assert.Equal(["lamp.md"], Paths(await SearchAsync(client, "lamp of the north pier")));

        File.WriteAllText(_folder["rope.md"], "The rope of the south pier is new.");
        File.Delete(_folder["lamp.md"]);
        await Task.Delay(TimeSpan.FromSeconds(6), TestEnds);

        Assert.Equal(["rope.md"], Paths(await SearchAsync(client, "rope of the south pier")));
        Assert.True((await SearchAsync(client, "lamp of the north")).GetProperty("passages").EnumerateArray().All(one => one.GetProperty("path").GetString() != "lamp.md"));
    }

    [Fact]
    public async Task SearchIsFilteredAndDeclines()
    {
        Directory.CreateDirectory(_folder["guides"]);
        File.WriteAllText(_folder["guides/lamp.md"], "# Lamps\n\nThe lamp of the north pier is green.");
        File.WriteAllText(_folder["lamp.md"], "The lamp of the north pier was red.");
        await using McpClient client = await StartAsync("--docs", _folder.Path);

        JsonElement found = await CallAsync(client, "search", new() { ["question"] = "lamp of the north pier", ["paths"] = new[] { "guides/**" }, ["topK"] = 1 });
        JsonElement none = await SearchAsync(client, "xylophone zeppelin");

        JsonElement passage = Assert.Single(found.GetProperty("passages").EnumerateArray());
        Assert.Equal("guides/lamp.md", passage.GetProperty("path").GetString());
        Assert.Equal("Lamps", passage.GetProperty("trail").GetString());
        Assert.Contains("green", passage.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.False(found.GetProperty("declined").GetBoolean());
        Assert.True(none.GetProperty("declined").GetBoolean());
    }

    [Theory]
    [InlineData("question", " ", "question")]
    [InlineData("topK", 0, "TopK")]
    [InlineData("paths", new[] { "[" }, "[")]
    public async Task ToolSaysWhatIsWrongWithAnArgument(string name, object value, string named)
    {
        File.WriteAllText(_folder["lamp.md"], "The lamp of the north pier is green.");
        await using McpClient client = await StartAsync("--docs", _folder.Path);

        foreach (string tool in (string[])["search", "ask"])
        {
            CallToolResult result = await client.CallToolAsync(
                tool, new Dictionary<string, object?> { ["question"] = "lamp", [name] = value }, cancellationToken: TestEnds);

            Assert.True(result.IsError);
            Assert.Contains(named, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task ClientIsToldHowFarTheIndexingIs()
    {
        for (int i = 0; i < 20; i++)
        {
            File.WriteAllText(_folder[$"{i}.md"], $"The lamp of pier {i} is green.");
        }

        await using McpClient client = await StartAsync("--docs", _folder.Path);
        var seen = new Progress();

        await client.CallToolAsync("search", new Dictionary<string, object?> { ["question"] = "lamp" }, seen, cancellationToken: TestEnds);

        // The SDK delivers reports in any order, also after the result.
        for (int i = 0; i < 100 && seen.Values.Count < 20; i++)
        {
            await Task.Delay(50, TestEnds);
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(files => (float)files), seen.Values.Order());
    }

    [Fact]
    public async Task WrongCommandLineEndsWithAnErrorAndNothingOnTheProtocolsStream()
    {
        ProgramResult result = await Server.RunAsync(["--docs", _folder["missing"]]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("missing", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<JsonElement> SearchAsync(McpClient client, string question) => CallAsync(client, "search", new() { ["question"] = question });

    private static async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        CallToolResult result = await client.CallToolAsync(tool, arguments, cancellationToken: TestEnds);
        Assert.False(result.IsError ?? false, string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        JsonElement structured = result.StructuredContent!.Value;
        using JsonDocument text = JsonDocument.Parse(Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.True(JsonElement.DeepEquals(text.RootElement, structured));
        return structured;
    }

    private static IEnumerable<string?> Paths(JsonElement result) =>
        result.GetProperty("passages").EnumerateArray().Select(one => one.GetProperty("path").GetString());

    private static async Task<McpClient> StartAsync(params string[] arguments)
    {
        var transport = new StdioClientTransport(
            new StdioClientTransportOptions { Name = "documents", Command = "dotnet", Arguments = [Server.LibraryPath, .. arguments] });
        return await McpClient.CreateAsync(transport, cancellationToken: TestEnds);
    }

    /// <summary>Keeps what is reported.</summary>
    private sealed class Progress : IProgress<ProgressNotificationValue>
    {
        private readonly ConcurrentQueue<float> _values = [];

        public IReadOnlyCollection<float> Values => _values;

        public void Report(ProgressNotificationValue value) => _values.Enqueue(value.Progress);
    }
}
