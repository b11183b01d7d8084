namespace RedisInfer.Tests.Support.Servers;

public sealed class ValkeyFixture() : RedisFixture(ServerKind.Valkey, RedisVersion.Valkey);
