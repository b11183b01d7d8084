using System.Collections.Concurrent;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>What a filtered search asks of a server that searches the vectors.</summary>
public sealed class FilterOnServerTests(GarnetFixture garnet, Redis8Fixture redis8)
    : IClassFixture<GarnetFixture>, IClassFixture<Redis8Fixture>
{
    private readonly ConcurrentQueue<int> _requested = new();

    [Theory]
    [InlineData(ServerKind.Garnet)]
    [InlineData(ServerKind.Redis8)]
    public async Task FilterThatFewChunksPassFindsThemWithoutASearchOfTheServer(ServerKind kind)
    {
        using TestCorpus corpus = await OpenAsync(kind == ServerKind.Garnet ? garnet : redis8);
        await corpus.WriteAsync("near", 0, Labels("near"), Texts("near", 400));
        await corpus.WriteAsync("far", 3, Labels("far"), "far 0", "far 1");

        IReadOnlyList<Passage> found = await FindAsync(corpus, 0, "far", topK: 5);
        IReadOnlyList<Passage> none = await FindAsync(corpus, 0, "unknown", topK: 5);

        Assert.Equal(["far 0", "far 1"], found.Select(passage => passage.Text).Order(StringComparer.Ordinal));
        Assert.Empty(none);
        Assert.Empty(_requested);
        Assert.Equal(5, (await FindAsync(corpus, 0, tag: null, topK: 5)).Count);
        Assert.NotEmpty(_requested);
    }

    [Fact]
    public async Task FilterThatManyChunksPassRequestsALimitedNumberOfHits()
    {
        const int limit = 8192;
        using TestCorpus corpus = await OpenAsync(redis8);
        for (int i = 0; i < 8; i++)
        {
            await corpus.WriteAsync($"near {i}", 0, Labels("near"), Texts($"near {i}", (limit / 8) + 10));
        }

        // More generations than a filter expression takes, and more chunks than are compared in the process.
        for (int i = 0; i < 260; i++)
        {
            await corpus.WriteAsync($"far {i}", 3, Labels("far"), Texts($"far {i}", 9));
        }

        // The filter expression.
        AssertAll(10, "near", await FindAsync(corpus, 3, "near", topK: 10));

        // Many of the hits pass.
        AssertAll(10, "far", await FindAsync(corpus, 3, "far", topK: 10));

        // None of the nearest hits passes.
        _requested.Clear();
        Assert.Empty(await FindAsync(corpus, 0, "far", topK: 200));
        Assert.Equal([4 * 4 * 200, limit], _requested);
    }

    private static void AssertAll(int count, string start, IReadOnlyList<Passage> found)
    {
        Assert.Equal(count, found.Count);
        Assert.All(found, passage => Assert.StartsWith(start, passage.Path, StringComparison.Ordinal));
    }

    private static string[] Texts(string path, int count) => [.. Enumerable.Range(0, count).Select(i => $"{path} {i}")];

    private static DocumentLabels Labels(string tag) => DocumentLabels.Of([tag], new Dictionary<string, string>());

    private static Task<IReadOnlyList<Passage>> FindAsync(TestCorpus corpus, int axis, string? tag, int topK) =>
        corpus.FindAsync(new RetrievalQuery("", TestCorpus.Direction(axis), topK, -1)
        {
            Mode = RetrievalMode.Vector,
            Filter = tag is null ? null : new RagFilter { Tags = [tag] },
        });

    /// <summary>Opens a corpus whose vectors the server searches. The numbers of requested hits are recorded.</summary>
    private async Task<TestCorpus> OpenAsync(ServerFixture server) => await TestCorpus.OpenAsync(
        ObservedConnection.Of(await server.ConnectAsync(), (command, arguments) =>
        {
            if (command == "VSIM")
                _requested.Enqueue((int)arguments[Array.IndexOf(arguments, "COUNT") + 1]);
        }),
        vectorMemoryBytes: 0);
}
