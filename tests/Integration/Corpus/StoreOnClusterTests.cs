using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Clusters, which refuse a command or a transaction with keys in different slots.</summary>
public sealed class StoreOnClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task AllKeysOfACorpusAreInOneSlot(RedisVersion version)
    {
        await using RedisCluster cluster = await StartOrSkipAsync(version, primaries: 1);
        await using var source = new RedisConnectionSource(cluster.Configuration);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await corpus.WriteAsync("a", 0, "old 0", "old 1");
        await corpus.WriteAsync("a", 0, "new 0", "new 1");
        await corpus.WriteAsync("{b}", 0, "b");

        Assert.Equal(3, (await corpus.SearchAsync(0)).Count);
        Assert.All(await corpus.Store.FindManyAsync(["a", "{b}"], Cancellation), Assert.NotNull);
        Assert.True(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Equal("{b}", Assert.Single(await corpus.SearchAsync(0)).Path);
        await corpus.Store.ClearAsync(Cancellation);
        Assert.Empty(await corpus.SearchAsync(0));

        // Shows that the server does check slots: it refuses keys of two corpora in one command.
        RedisServerException e = await Assert.ThrowsAsync<RedisServerException>(
            () => corpus.Connection.GetServers()[0].ExecuteAsync("DEL", "{a}:x", "{b}:x"));
        Assert.Contains("CROSSSLOT", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task CorporaOnThreeNodesAreIndexedAndFoundByEveryClient(RedisVersion version)
    {
        await using RedisCluster cluster = await StartOrSkipAsync(version, primaries: 3);
        string[] names = ["harbour", "quay", "berth", "tide", "lane", "deck"];
        await using var writing = new RedisConnectionSource(cluster.Configuration);
        await using var asking = new RedisConnectionSource(cluster.Nodes[2].EndPoint);
        foreach (string name in names)
        {
            using TestCorpus corpus = await TestCorpus.OpenAsync(await writing.ConnectAsync(Cancellation), name);
            using TestCorpus another = await TestCorpus.OpenAsync(await asking.ConnectAsync(Cancellation), name);
            await corpus.WriteAsync("a", 0, "old tide");
            await corpus.WriteAsync("a", 0, $"tide of {name}", "crane");
            await corpus.WriteAsync("b", 0, "b");
            await corpus.Store.RemoveAsync("b", Cancellation);

            Assert.Equal(2, (await another.SearchAsync(0)).Count);
            Assert.Equal(
                $"tide of {name}",
                Assert.Single(await another.FindAsync(new RetrievalQuery("tide", TestCorpus.Direction(0), 5, -1) { Mode = RetrievalMode.Lexical })).Text);
        }

        IConnectionMultiplexer connection = await writing.ConnectAsync(Cancellation);
        Assert.True(names.Select(name => connection.GetHashSlot($"{{{name}}}:meta") / (16384 / 3)).Distinct().Count() > 1);
    }

    private static Task<RedisCluster> StartOrSkipAsync(RedisVersion version, int primaries)
    {
        if (RedisPrograms.Find(version) is null)
            Skipping.Because(RedisPrograms.HowToInstall(version));
        return RedisCluster.StartAsync(version, primaries, hasReplicas: false, new RedisServerOptions(), Cancellation);
    }
}
