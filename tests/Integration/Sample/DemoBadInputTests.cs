using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>Each bad input prints one line that says what is wrong, and prints nothing to the answer's stream.</summary>
public sealed class DemoBadInputTests
{
    private const string Question = "How long are backups of the orders database kept?";

    [Fact]
    public async Task AMissingModelIsNamed() =>
        Refused(await Demo.RunAsync("ask", Question, "--json", "--model", "no-such-model.gguf"), 1, "no-such-model.gguf");

    [Fact]
    public async Task AFileThatIsNoGgufIsRefused()
    {
        using var folder = new TempFolder();
        string model = folder["notes.gguf"];
        File.WriteAllText(model, string.Concat(Enumerable.Repeat("This is no model. ", 100)));

        Refused(await Demo.RunAsync("ask", Question, "--json", "--model", model), 1, "notes.gguf");
    }

    [Fact]
    public async Task ATruncatedModelIsRefused()
    {
        using var folder = new TempFolder();
        byte[] whole = await File.ReadAllBytesAsync(TestModels.Text, TestContext.Current.CancellationToken);
        string model = folder["half.gguf"];
        File.WriteAllBytes(model, whole.AsSpan(0, whole.Length / 2));

        Refused(await Demo.RunAsync("ask", Question, "--json", "--model", model), 1, "half.gguf");
    }

    [Fact]
    public async Task ATextModelIsRefusedAsEmbeddingModel() =>
        Refused(
            await Demo.RunAsync("ask", Question, "--json", "--embedding-model", TestModels.Text),
            1,
            Path.GetFileName(TestModels.Text));

    [Fact]
    public async Task AnEmbeddingModelIsRefusedAsTextModel() =>
        Refused(
            await Demo.RunAsync("ask", Question, "--json", "--model", TestModels.BertEmbedding),
            1,
            Path.GetFileName(TestModels.BertEmbedding));

    [Fact]
    public async Task AnAbsentRedisIsNamed() =>
        Refused(await Demo.RunAsync("ask", Question, "--json", "--redis", "127.0.0.1:1"), 1, "127.0.0.1:1");

    [Theory]
    [InlineData("not a host:abc", "HOST:PORT")]
    [InlineData("127.0.0.1:1,no-such-setting=1", "no-such-setting")]
    public async Task ARedisAddressThatIsNoneIsRefused(string address, string named) =>
        Refused(await Demo.RunAsync("ask", Question, "--json", "--redis", address), 1, named);

    [Fact]
    public async Task ACorpusNameThatIsNoneIsRefused() =>
        Refused(await Demo.RunAsync("ask", Question, "--json", "--corpus", "no name"), 1, "no name");

    [Fact]
    public async Task ARedisThatNeedsAPasswordSaysSo()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8, new() { Password = "open-sesame" });

        Refused(await Demo.RunAsync("ask", Question, "--json", "--redis", server.EndPoint), 1, "password");
    }

    [Fact]
    public async Task AnIndexMadeWithAnotherEmbeddingIsRefusedAndLeftAsItIs()
    {
        using var folder = new TempFolder();
        string[] ask = ["ask", Question, "--json", "--data", folder["data"], "--corpus", "handbook"];

        ProgramResult before = await Demo.RunAsync(ask);
        ProgramResult mismatch = await Demo.RunAsync([.. ask, "--embedding-model", TestModels.LexicalEmbedding]);
        ProgramResult after = await Demo.RunAsync(ask);

        Assert.Equal(0, before.ExitCode);
        Refused(mismatch, 1, "handbook");
        Assert.Equal(0, after.ExitCode);
        Assert.Contains("22 unchanged", after.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyFolderIsRefused()
    {
        using var folder = new TempFolder();

        Refused(await Demo.RunAsync("ask", Question, "--json", "--docs", folder.Path), 1, folder.Path);
    }

    [Fact]
    public async Task AMissingFolderIsRefused() =>
        Refused(await Demo.RunAsync("ask", Question, "--json", "--docs", "no-such-folder"), 1, "no-such-folder");

    [Fact]
    public async Task AQuestionLongerThanTheContextIsRefused() =>
        Refused(
            await Demo.RunAsync("ask", string.Concat(Enumerable.Repeat("orders database ", 1500)), "--json"), 1, "question");

    [Fact]
    public async Task AMissingFileOfQuestionsIsNamed() =>
        Refused(await Demo.RunAsync("evaluate", "--questions", "no-such-questions.txt"), 1, "no-such-questions.txt");

    [Theory]
    [InlineData("\n \n", "no question")]
    [InlineData("Where?\n{\"answer\": \"there\"}\n", "Line 2")]
    [InlineData("{\"question\": \n", "Line 1")]
    public async Task AFileWithoutQuestionsIsRefused(string text, string named)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["questions.jsonl"], text);

        Refused(await Demo.RunAsync("evaluate", "--questions", folder["questions.jsonl"]), 1, named);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task AnEmptyQuestionIsAWrongUse(string question) =>
        Refused(await Demo.RunAsync("ask", question, "--json"), 2, "empty");

    [Theory]
    [InlineData("ask")]
    [InlineData("answer", "me")]
    [InlineData("evaluate")]
    [InlineData("ask", Question, "--top-k", "0")]
    [InlineData("ask", Question, "--top-k", "many")]
    [InlineData("ask", Question, "--neighbors", "11")]
    [InlineData("ask", Question, "--path", "!secret")]
    [InlineData("ask", Question, "--path", "./guides/**")]
    [InlineData("ask", Question, "--path", "*.{md,txt}")]
    [InlineData("scan", "docs")]
    [InlineData("ask", Question, "--docs")]
    [InlineData("ask", Question, "--engine", "no-such-engine")]
    [InlineData("ask", Question, "--docs", "")]
    [InlineData("ask", Question, "--redis", "127.0.0.1:1", "--data", "data")]
    public async Task AWrongCommandLineIsAWrongUse(params string[] arguments) =>
        Refused(await Demo.RunAsync(arguments), 2, "");

    private static void Refused(ProgramResult result, int exitCode, string named)
    {
        Assert.True(exitCode == result.ExitCode, $"Status {result.ExitCode}: {result.Error}");
        Assert.Empty(result.Output);
        string error = Assert.Single(result.ErrorLines, line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.Equal(error, result.ErrorLines[^1]);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
