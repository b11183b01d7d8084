using RedisInfer.Redis;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>One real Redis server for all tests of a class.</summary>
public abstract class RedisFixture(ServerKind kind, RedisVersion version) : ServerFixture(kind)
{
    private RedisServer? _server;

    protected override async Task<(IRedisConnectionSource? Connection, string? WhyAbsent)> StartAsync()
    {
        if (RedisPrograms.Find(version) is null)
            return (null, RedisPrograms.HowToInstall(version));

        _server = await RedisServer.StartAsync(version);
        return (new RedisConnectionSource(_server.Configuration), null);
    }

    protected override async ValueTask StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
