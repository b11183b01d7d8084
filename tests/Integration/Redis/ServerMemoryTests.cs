using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Redis;

public sealed class ServerMemoryTests
{
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task ServerTellsWhatItMayUseWhoeverMadeTheConnection(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using var source = new RedisConnectionSource(server.EndPoint);
        IConnectionMultiplexer connection = await source.ConnectAsync(TestEnds);
        await using ConnectionMultiplexer ofTheHost = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);

        ServerMemory unlimited = Assert.Single(await ServerMemory.ReadAsync(source, TestEnds));
        await connection.GetServers()[0].ConfigSetAsync("maxmemory", "123mb");
        ServerMemory limited = Assert.Single(await ServerMemory.ReadAsync(source, TestEnds));

        Assert.True(unlimited.IsLocal);
        Assert.InRange(unlimited.Bytes, 1, 100 << 20);
        Assert.Equal(123L << 20, limited.Bytes);
        Assert.False(limited.EvictsDocuments);
        Assert.Equal(limited.Bytes, Assert.Single(await ServerMemory.ReadAsync(RedisConnectionSource.FromExisting(ofTheHost), TestEnds)).Bytes);
        Assert.True(ofTheHost.IsConnected);
    }

    [Fact]
    public async Task PolicyThatThrowsAwayDocumentsIsWarnedOf()
    {
        var options = new RedisServerOptions { MaxMemory = "500mb", MaxMemoryPolicy = "allkeys-lru" };
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8, options);
        var log = new RecordingLog();
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = TestModels.Text, Redis = server.EndPoint }, new RagComponents { LoggerFactory = log });

        await runtime.WarmUpAsync(cancellationToken: TestEnds);

        Assert.Contains(log.Entries, entry => entry.Message.Contains("allkeys-lru", StringComparison.Ordinal));
    }
}
