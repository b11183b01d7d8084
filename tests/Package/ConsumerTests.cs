using System.Runtime.InteropServices;
using System.Text.Json;

namespace RedisInfer.Tests.Package;

public sealed class ConsumerTests(PackedFeed feed)
{
    private static readonly string Rid = RuntimeInformation.RuntimeIdentifier;

    [Fact]
    public async Task ProjectThatKnowsThePackagesAloneGetsAnAnswer()
    {
        var consumer = new ConsumerProject(feed, ConsumerKind.Consumer, "portable");
        var program = await consumer.BuildAsync();

        Assert.Equal(NativesOf(Rid), NamesIn(Path.Combine(program, "runtimes", Rid, "native"), "*ggml*", "*llama*"));
        AssertAnswers(await AskAsync(consumer, program));
    }

    [Fact]
    public async Task ProgramPublishedForOnePlatformGetsAnAnswer()
    {
        var consumer = new ConsumerProject(feed, ConsumerKind.Consumer, "published");
        var program = await consumer.PublishAsync(Rid);

        // If the program is published for one platform, the libraries are next to it.
        Assert.Equal(NativesOf(Rid), NamesIn(program, "*ggml*", "*llama*"));
        Assert.False(Directory.Exists(Path.Combine(program, "runtimes")));
        AssertAnswers(await AskAsync(consumer, program));
    }

    private static Task<JsonElement> AskAsync(ConsumerProject consumer, string program) => consumer.RunAsync(
        program,
        Path.Combine(PackedFeed.RepositoryRoot, "models", "demo", "redisinfer-demo.gguf"),
        Path.Combine(PackedFeed.RepositoryRoot, "samples", "ConsoleDemo", "handbook"),
        "How long are backups kept?");

    private static void AssertAnswers(JsonElement answer)
    {
        Assert.True(answer.GetProperty("indexed").GetInt32() > 10);
        Assert.Contains("engineering/backups.md", answer.GetProperty("passages").EnumerateArray().Select(path => path.GetString()));
        Assert.True(answer.GetProperty("GeneratedTokens").GetInt32() > 0);
        Assert.False(string.IsNullOrWhiteSpace(answer.GetProperty("Text").GetString()));
    }

    private static IEnumerable<string> NativesOf(string rid) =>
        File.ReadLines(Path.Combine(PackedFeed.RepositoryRoot, "eng", "natives", "checksums", rid + ".sha256"))
            .Select(line => line[66..]).Order(StringComparer.Ordinal);

    private static IEnumerable<string> NamesIn(string folder, params string[] patterns) =>
        patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Select(path => Path.GetFileName(path))
            .Distinct().Order(StringComparer.Ordinal);
}
