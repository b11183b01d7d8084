using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

public sealed class IndependentReuseOnRedis8Tests(Redis8Fixture server) : IndependentReuseContractTests(server), IClassFixture<Redis8Fixture>;
