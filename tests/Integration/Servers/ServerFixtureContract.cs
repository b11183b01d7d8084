using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Servers;

/// <summary>The properties of server fixtures that all other suites rely on.</summary>
public abstract class ServerFixtureContract(ServerFixture server)
{
    [Fact]
    public async Task ServerStoresAndGivesBack()
    {
        var database = (await server.ConnectAsync()).GetDatabase();
        var key = ServerFixture.UniqueName();

        await database.StringSetAsync(key, "value");

        Assert.Equal("value", await database.StringGetAsync(key));
    }

    [Fact]
    public async Task ServerIsOfTheKindItSaysItIs()
    {
        var connection = await server.ConnectAsync();
        var version = connection.GetServer(connection.GetEndPoints()[0]).Version.Major;    // for Valkey, that of the Redis it replaces
        var info = (string?)await connection.GetDatabase().ExecuteAsync("INFO", "SERVER") ?? "";

        Assert.Equal(server.Kind is ServerKind.Redis8 ? 8 : 7, version);
        Assert.Equal(server.Kind is ServerKind.Valkey, info.Contains("valkey", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(server.Kind is ServerKind.Garnet, info.Contains("garnet", StringComparison.OrdinalIgnoreCase));
    }
}
