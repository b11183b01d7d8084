using System.Text.Json;

namespace RedisInfer.Tests.Package;

/// <summary>A host with what .NET hosts have: a chat client with middleware, health checks, and traces that are exported.</summary>
public sealed class HostConsumerTests(PackedFeed feed)
{
    [Fact]
    public async Task HostThatKnowsThePackagesAloneTalksIsHealthyAndExportsItsTraces()
    {
        var consumer = new ConsumerProject(feed, ConsumerKind.HostConsumer, "host");

        JsonElement seen = await consumer.RunAsync(
            await consumer.BuildAsync(),
            Path.Combine(PackedFeed.RepositoryRoot, "models", "demo", "redisinfer-demo.gguf"),
            Path.Combine(PackedFeed.RepositoryRoot, "samples", "ConsoleDemo", "handbook"));

        Assert.True(seen.GetProperty("indexed").GetInt32() > 10);
        JsonElement[] turns = [.. seen.GetProperty("turns").EnumerateArray()];
        Assert.All(turns, turn => Assert.Contains("engineering/backups.md", Strings(turn, "Paths")));
        Assert.All(turns, turn => Assert.False(string.IsNullOrWhiteSpace(turn.GetProperty("Text").GetString())));
        Assert.Contains("engineering/backups.md", Strings(turns[0], "Cited"));
        Assert.True(turns[1].GetProperty("CachedInputTokenCount").GetInt64() > 0);

        Assert.Equal(["Database", "Days"], seen.GetProperty("typed").EnumerateObject().Select(property => property.Name));
        Assert.Equal("Healthy", seen.GetProperty("health").GetString());

        string[] spans = Strings(seen, "spans");
        Assert.Equal(3, spans.Count(span => span == "ask > prefill"));
        Assert.Equal(2, spans.Count(span => span.StartsWith("chat", StringComparison.Ordinal) && span.EndsWith("> ask", StringComparison.Ordinal)));
        Assert.Superset(new HashSet<string>(["index", "index > write", "ask > search", "ask > queue", "ask > decode"]), spans.ToHashSet());
    }

    private static string[] Strings(JsonElement element, string property) =>
        [.. element.GetProperty(property).EnumerateArray().Select(text => text.GetString()!)];
}
