using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

public sealed class ReuseOnRedis8Tests(Redis8Fixture server) : ReuseContractTests(server), IClassFixture<Redis8Fixture>;
