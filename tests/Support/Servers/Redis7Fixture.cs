namespace RedisInfer.Tests.Support.Servers;

public sealed class Redis7Fixture() : RedisFixture(ServerKind.Redis7, RedisVersion.V7);
