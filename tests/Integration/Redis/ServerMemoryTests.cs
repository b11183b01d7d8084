using RedisInfer.Redis;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Redis;

public sealed class ServerMemoryTests
{
    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task ServerOnThisMachineTellsWhatItMayUseToAConnectionThatMayAsk(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using var source = new RedisConnectionSource(server.EndPoint);
        IConnectionMultiplexer connection = await source.ConnectAsync(TestContext.Current.CancellationToken);
        await using ConnectionMultiplexer ofTheHost = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);

        long used = await ServerMemory.ReadLocalAsync(connection);
        await connection.GetServers()[0].ConfigSetAsync("maxmemory", "123mb");
        long limit = await ServerMemory.ReadLocalAsync(connection);

        Assert.InRange(used, 1, 100 << 20);
        Assert.Equal(123L << 20, limit);
        Assert.Equal(0, await ServerMemory.ReadLocalAsync(ofTheHost));
    }
}
