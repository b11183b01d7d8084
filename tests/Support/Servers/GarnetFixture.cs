using RedisInfer.Garnet;
using RedisInfer.Redis;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>One embedded Garnet in memory for all tests of a class.</summary>
public sealed class GarnetFixture() : ServerFixture(ServerKind.Garnet)
{
    protected override Task<(IRedisConnectionSource? Connection, string? WhyAbsent)> StartAsync() =>
        Task.FromResult<(IRedisConnectionSource?, string?)>((new EmbeddedGarnetServer(new GarnetOptions { InMemory = true }), null));
}
