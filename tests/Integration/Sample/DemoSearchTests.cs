using System.Text.Json;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary>The demo's commands that search without answering.</summary>
public sealed class DemoSearchTests
{
    [Fact]
    public async Task SearchWithJsonPrintsOneLineWithEveryField()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["lamp.md"], "# Lamps\n\nThe lamp of the north pier is green.\n");

        ProgramResult result = await Demo.RunAsync("search", "Which lamp is on the north pier?", "--docs", folder.Path, "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(Lines(result)));
        Assert.Equal(["question", "passages", "declined"], Names(json.RootElement));
        Assert.Equal("Which lamp is on the north pier?", json.RootElement.GetProperty("question").GetString());
        Assert.False(json.RootElement.GetProperty("declined").GetBoolean());
        JsonElement passage = json.RootElement.GetProperty("passages")[0];
        Assert.Equal(["path", "chunk", "startLine", "endLine", "page", "score", "trail", "text"], Names(passage));
        Assert.Equal("lamp.md", passage.GetProperty("path").GetString());
        Assert.Contains("green", passage.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Loading redisinfer-demo", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchPrintsALineForEachQuestionOfAFile()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["docs"]);
        File.WriteAllText(folder["docs/lamp.md"], "The lamp of the north pier is green.");
        File.WriteAllText(folder["docs/rope.md"], "The rope of the south pier is new.");
        File.WriteAllText(folder["questions.txt"], "lamp of the north pier\n\n{\"question\": \"xylophone zeppelin\"}\nrope of the south pier\n");

        ProgramResult result = await Demo.RunAsync(
            "search", "--questions", folder["questions.txt"], "--docs", folder["docs"], "--top-k", "1", "--path", "*.md");

        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement[] lines = [.. Lines(result).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            ["lamp of the north pier", "xylophone zeppelin", "rope of the south pier"], lines.Select(line => line.GetProperty("question").GetString()));
        Assert.Equal([false, true, false], lines.Select(line => line.GetProperty("declined").GetBoolean()));
        Assert.Equal(["lamp.md", "", "rope.md"], lines.Select(line => string.Join(' ', Paths(line))));
    }

    [Fact]
    public async Task SearchFindsAParaphraseWithTheEmbeddingModelThatTheBuildMakes()
    {
        MiniLm.Require();
        ProgramResult byBoth = await Demo.RunAsync("search", "How long is vacation?", "--json", "--top-k", "3");
        ProgramResult byWords = await Demo.RunAsync("search", "How long is vacation?", "--json", "--top-k", "3", "--words-only");

        Assert.Equal("people/leave.md", Paths(JsonDocument.Parse(byBoth.Output).RootElement).First());
        Assert.NotEqual("people/leave.md", Paths(JsonDocument.Parse(byWords.Output).RootElement).First());
    }

    [Fact]
    public async Task SearchShowsPassagesToPeople()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["lamp.md"], "The lamp of the north pier is green.");

        ProgramResult found = await Demo.RunAsync("search", "lamp of the north pier", "--docs", folder.Path);
        ProgramResult none = await Demo.RunAsync("search", "xylophone zeppelin", "--docs", folder.Path);

        Assert.Contains("lamp.md:1-1", found.Output, StringComparison.Ordinal);
        Assert.Contains("is green", found.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing in the index", none.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("search", "question", "--questions", "file")]
    [InlineData("search", " ")]
    [InlineData("search", "question", "--words-only", "--embedding-model", "file")]
    public async Task SearchRefusesAWrongCommandLine(params string[] arguments)
    {
        ProgramResult result = await Demo.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("error: ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvaluateShowsWhatIsFoundIfTheFileSaysWhereAnswersAre()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["docs"]);
        File.WriteAllText(folder["docs/lamp.md"], "The lamp of the north pier is green.");
        File.WriteAllText(folder["docs/rope.md"], "The rope of the south pier is new.");
        File.WriteAllText(folder["questions.jsonl"], """
            {"question": "Which lamp is on the north pier?", "paths": ["lamp.md"]}
            {"question": "xylophone zeppelin", "paths": []}
            """);

        ProgramResult result = await Demo.RunAsync("evaluate", "--questions", folder["questions.jsonl"], "--docs", folder["docs"]);

        Assert.True(result.ExitCode == 0, result.Error);
        string words = result.Output.Split('\n').Single(line => line.TrimStart().StartsWith("words ", StringComparison.Ordinal));
        Assert.Equal(["words", "1.000", "1.000", "1.000", "1 of 1", "0 of 1"], words.Trim().Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Contains("1 questions with an answer, 1 without", result.Output, StringComparison.Ordinal);
        Assert.Contains("after the head", result.Output, StringComparison.Ordinal);
    }

    private static string[] Lines(ProgramResult result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Paths(JsonElement line) =>
        line.GetProperty("passages").EnumerateArray().Select(passage => passage.GetProperty("path").GetString()!);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
