using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class ChangesOnRedis7Tests(Redis7Fixture server) : ChangesContractTests(server), IClassFixture<Redis7Fixture>;
