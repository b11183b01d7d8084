using System.Globalization;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
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
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            version, OptionsOfANode(RedisServer.FreePort()));
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
        const int slots = 16384, nodes = 3;
        var servers = new List<RedisServer>();
        var busPorts = new List<int>();
        try
        {
            for (int node = 0; node < nodes; node++)
            {
                busPorts.Add(RedisServer.FreePort());
                servers.Add(await RedisServer.StartOrSkipAsync(version, OptionsOfANode(busPorts[node])));
            }

            await JoinAsync(servers, busPorts, slots / nodes, slots);
            string[] names = ["harbour", "quay", "berth", "tide", "lane", "deck"];
            await using var writing = new RedisConnectionSource(string.Join(',', servers.Select(server => server.EndPoint)));
            await using var asking = new RedisConnectionSource(servers[2].EndPoint);
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
            Assert.True(names.Select(name => connection.GetHashSlot($"{{{name}}}:meta") / (slots / nodes)).Distinct().Count() > 1);
        }
        finally
        {
            foreach (RedisServer server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Sets the port of the cluster bus. Its default is 10,000 above the client port, which may be too high.</summary>
    private static RedisServerOptions OptionsOfANode(int busPort) => new()
    {
        ConfigurationLines = ["cluster-enabled yes", string.Create(CultureInfo.InvariantCulture, $"cluster-port {busPort}")],
    };

    private static async Task JoinAsync(List<RedisServer> servers, IReadOnlyList<int> busPorts, int slotsEach, int slots)
    {
        var connections = new List<ConnectionMultiplexer>();
        try
        {
            foreach (RedisServer server in servers)
            {
                connections.Add(await ConnectionMultiplexer.ConnectAsync(server.Configuration));
            }

            for (int node = 0; node < servers.Count; node++)
            {
                IServer server = connections[node].GetServer(servers[node].EndPoint);
                int last = node == servers.Count - 1 ? slots - 1 : ((node + 1) * slotsEach) - 1;
                await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", node * slotsEach, last);
                await server.ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", servers[0].Port, busPorts[0]);
            }

            for (int node = 0; node < servers.Count; node++)
            {
                IServer server = connections[node].GetServer(servers[node].EndPoint);
                while (!await IsCompleteAsync(server, servers.Count))
                {
                    await Task.Delay(20, Cancellation);
                }
            }
        }
        finally
        {
            foreach (ConnectionMultiplexer connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<bool> IsCompleteAsync(IServer server, int nodes)
    {
        string info = (await server.ExecuteAsync("CLUSTER", "INFO")).ToString();
        return info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains($"cluster_known_nodes:{nodes}", StringComparison.Ordinal);
    }
}
