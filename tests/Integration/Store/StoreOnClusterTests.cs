using RedisInfer.Redis;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Store;

/// <summary>A cluster of one node: it refuses a command or a transaction whose keys lie in different slots, as larger ones do.</summary>
public sealed class StoreOnClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task AllKeysOfACorpusAreInOneSlot(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            version, new RedisServerOptions { ConfigurationLines = ["cluster-enabled yes"] });
        await using (var setUp = new RedisConnectionSource(server.Configuration))
        {
            IServer node = (await setUp.ConnectAsync(Cancellation)).GetServers()[0];
            await node.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16383);
            while (!(await node.ExecuteAsync("CLUSTER", "INFO")).ToString().Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                await Task.Delay(20, Cancellation);
            }
        }

        await using var source = new RedisConnectionSource(server.Configuration);
        using Corpus corpus = await Corpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await corpus.WriteAsync("a", 0, "old 0", "old 1");
        await corpus.WriteAsync("a", 0, "new 0", "new 1");
        await corpus.WriteAsync("{b}", 0, "b");

        Assert.Equal(3, (await corpus.SearchAsync(0)).Count);
        Assert.All(await corpus.Store.FindManyAsync(["a", "{b}"], Cancellation), Assert.NotNull);
        Assert.True(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Equal("{b}", Assert.Single(await corpus.SearchAsync(0)).Path);
        await corpus.Store.ClearAsync(Cancellation);
        Assert.Empty(await corpus.SearchAsync(0));

        // The server does count: it refuses keys of two corpora in one command.
        RedisServerException e = await Assert.ThrowsAsync<RedisServerException>(
            () => corpus.Connection.GetServers()[0].ExecuteAsync("DEL", "{a}:x", "{b}:x"));
        Assert.Contains("CROSSSLOT", e.Message, StringComparison.Ordinal);
    }
}
