namespace RedisInfer.Tests.Support.Servers;

public sealed class Redis8Fixture() : RedisFixture(ServerKind.Redis8, RedisVersion.V8);
