using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class WritersOnRedis8Tests(Redis8Fixture server) : WritersContractTests(server), IClassFixture<Redis8Fixture>;
