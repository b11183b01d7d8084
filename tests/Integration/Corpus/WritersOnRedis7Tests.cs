using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class WritersOnRedis7Tests(Redis7Fixture server) : WritersContractTests(server), IClassFixture<Redis7Fixture>;
