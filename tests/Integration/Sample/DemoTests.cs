using System.Text.Json;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>The demo does what its help and docs/DEMO.md say.</summary>
public sealed class DemoTests
{
    private const string Question = "How long are backups of the orders database kept?";

    [Fact]
    public async Task WithoutArgumentsAndTerminalTheDemoAnswersItsQuestionsAndEnds()
    {
        ProgramResult result = await Demo.RunAsync();

        Assert.Equal(0, result.ExitCode);
        string[] questions = [.. result.Output.Split('\n').Where(line => line.StartsWith("? ", StringComparison.Ordinal))];
        Assert.Equal(6, questions.Length);
        Assert.Equal($"? {Question}", questions[4].TrimEnd());
        Assert.Equal(6, result.Output.Split("first token").Length - 1);
        string[] facts =
        [
            "24 hours before departure", "the old crane", "27 days of paid leave", "I don't know based on the given context.", "kept for 35 days",
            "kept for 90 days", "engineering/backups.md:",
        ];
        foreach (string fact in facts)
        {
            Assert.Contains(fact, result.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\e', result.Output + result.Error);
    }

    [Fact]
    public async Task AskPrintsTheAnswerWhereItComesFromAndWhatItTook()
    {
        ProgramResult result = await Demo.RunAsync("ask", Question);

        Assert.Equal(0, result.ExitCode);
        Assert.NotEmpty(result.Output.Split('\n')[0].Trim());
        Assert.Contains("first token", result.Output, StringComparison.Ordinal);
        Assert.Contains("22 documents", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskWithJsonPrintsExactlyOneLineWithEveryField()
    {
        ProgramResult result = await Demo.RunAsync("ask", Question, "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("}" + Environment.NewLine, result.Output, StringComparison.Ordinal);
        Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement answer = json.RootElement;
        Assert.Equal(
            ["question", "answer", "finishReason", "citations", "passages", "usage", "timingsMs", "context"], Names(answer));
        Assert.Equal(["path", "chunk", "score"], Names(answer.GetProperty("passages")[0]));
        Assert.Equal(["promptTokens", "cachedTokens", "generatedTokens"], Names(answer.GetProperty("usage")));
        Assert.Equal(
            ["queue", "embed", "retrieve", "load", "prefill", "firstToken", "decode", "total"], Names(answer.GetProperty("timingsMs")));
        Assert.Equal(["strategy", "bytes"], Names(answer.GetProperty("context")));
        Assert.Equal(Question, answer.GetProperty("question").GetString());
        Assert.NotEmpty(answer.GetProperty("answer").GetString()!);
        Assert.Contains(answer.GetProperty("finishReason").GetString(), new[] { "stop", "length" });
        Assert.Contains(
            "engineering/backups.md", answer.GetProperty("passages").EnumerateArray().Select(p => p.GetProperty("path").GetString()));
        Assert.All(
            answer.GetProperty("citations").EnumerateArray(),
            citation => Assert.Equal(["path", "chunk", "startLine", "endLine", "score"], Names(citation)));
    }

    [Fact]
    public async Task LLamaSharpAnswersAsWell()
    {
        ProgramResult result = await Demo.RunAsync("ask", Question, "--json", "--engine", "llamasharp");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("35 days", result.Output, StringComparison.Ordinal);
        Assert.Contains("engineering/backups.md", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionsMayStandBeforeAndAfterAsk()
    {
        using var folder = new TempFolder();
        string docs = Directory.CreateDirectory(folder["docs"]).FullName;
        File.WriteAllText(folder["docs/lamp.md"], "The lamp of the north pier is green.");

        ProgramResult before = await Demo.RunAsync("--docs", docs, "--top-k", "1", "ask", "What colour is the lamp of the north pier?", "--json");
        ProgramResult after = await Demo.RunAsync("ask", "What colour is the lamp of the north pier?", "--json", "--docs", docs, "--top-k", "1");

        Assert.Equal(["lamp.md"], PassagePaths(before));
        Assert.Equal(["lamp.md"], PassagePaths(after));
    }

    [Fact]
    public async Task OnlyPathsThatWereNamedGivePassages()
    {
        ProgramResult all = await Demo.RunAsync("ask", "Who keeps backups?", "--json", "--top-k", "9");
        ProgramResult some = await Demo.RunAsync("ask", "Who keeps backups?", "--json", "--top-k", "9", "--path", "engineering/**", "--neighbors", "1");

        Assert.Contains(PassagePaths(some), path => path.StartsWith("engineering/", StringComparison.Ordinal));
        Assert.All(PassagePaths(some), path => Assert.StartsWith("engineering/", path, StringComparison.Ordinal));
        Assert.Contains(PassagePaths(all), path => !path.StartsWith("engineering/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherEmbeddingModelIsRefusedUntilTheCorpusIsEmbeddedAnew()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        string[] ask = ["ask", Question, "--json", "--redis", server.EndPoint, "--corpus", "c"];
        string[] askWithModel = [.. ask, "--embedding-model", TestModels.LexicalEmbedding];

        ProgramResult before = await Demo.RunAsync(ask);
        ProgramResult refused = await Demo.RunAsync(askWithModel);
        ProgramResult after = await Demo.RunAsync([.. askWithModel, "--reembed"]);
        ProgramResult later = await Demo.RunAsync(askWithModel);

        Assert.Equal([0, 1, 0, 0], new[] { before, refused, after, later }.Select(result => result.ExitCode));
        Assert.Contains("embed its texts again", refused.Error, StringComparison.Ordinal);
        Assert.NotEmpty(PassagePaths(after));
        Assert.Equal(PassagePaths(after), PassagePaths(later));
    }

    [Fact]
    public async Task AskAboutWhatNoDocumentMentionsSaysSo()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["lamp.md"], "The lamp of the north pier is green.");

        ProgramResult result = await Demo.RunAsync("ask", "xyzzy", "--json", "--docs", folder.Path);

        Assert.Equal(0, result.ExitCode);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal("noContext", json.RootElement.GetProperty("finishReason").GetString());
        Assert.Empty(json.RootElement.GetProperty("passages").EnumerateArray());
    }

    [Fact]
    public async Task WhatIsGoneFromTheFolderIsGoneFromTheIndex()
    {
        using var folder = new TempFolder();
        string docs = Directory.CreateDirectory(folder["docs"]).FullName;
        string data = Directory.CreateDirectory(folder["data"]).FullName;
        File.WriteAllText(folder["docs/pier.md"], "The lamp of the north pier is green.");
        string extra = folder["docs/lamp.md"];
        File.WriteAllText(extra, "The lamp of the south pier is red.");

        ProgramResult first = await Demo.RunAsync("ask", "lamp of the pier", "--json", "--docs", docs, "--data", data);
        File.Delete(extra);
        ProgramResult second = await Demo.RunAsync("ask", "lamp of the pier", "--json", "--docs", docs, "--data", data);

        Assert.Equal(["lamp.md", "pier.md"], PassagePaths(first).Order());
        Assert.Equal(["pier.md"], PassagePaths(second));
        Assert.Contains("1 unchanged, 1 removed", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FoldersAndFilesMayHaveAnyName()
    {
        using var folder = new TempFolder();
        string docs = Directory.CreateDirectory(folder["my {notes} Архив [1]"]).FullName;
        string name = OperatingSystem.IsWindows() ? "größe {0} 船.md" : "größe: {0} 船.md";
        File.WriteAllText(Path.Combine(docs, name), "The lamp of the north pier is green.");

        ProgramResult result = await Demo.RunAsync("ask", "lamp of the north pier", "--json", "--docs", docs);

        Assert.Equal([name], PassagePaths(result));
    }

    [Fact]
    public async Task FilesThatHoldNoTextAreSkippedWithAWarning()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["lamp.md"], "The lamp of the north pier is green.");
        File.WriteAllBytes(folder["picture.md"], [0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 0, 0xFF, 0xFE]);

        ProgramResult result = await Demo.RunAsync("ask", "lamp of the north pier", "--json", "--docs", folder.Path);

        Assert.Equal(["lamp.md"], PassagePaths(result));
        Assert.Contains(
            result.ErrorLines, line => line.StartsWith("warning: skipped 'picture.md'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EvaluateShowsWhatEachSettingCosts()
    {
        using var folder = new TempFolder();
        string questions = folder["questions.txt"];
        File.WriteAllText(questions, $$"""
            {{Question}}

            {"question": "Where do we gather in case of fire?", "answer": "the old crane"}
            xylophone zeppelin
            """);

        ProgramResult result = await Demo.RunAsync("evaluate", "--questions", questions);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("2 questions", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 more found no passage", result.Output, StringComparison.Ordinal);
        string[] rows = [.. result.Output.Split('\n').Where(line => line.Contains(" %", StringComparison.Ordinal))];
        Assert.Contains(rows, row => row.Contains("alone", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.Contains("after the head", StringComparison.Ordinal));
    }

    private static string[] PassagePaths(ProgramResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.GetProperty("passages").EnumerateArray().Select(p => p.GetProperty("path").GetString()!)];
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
