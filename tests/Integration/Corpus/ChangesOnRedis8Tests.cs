using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class ChangesOnRedis8Tests(Redis8Fixture server) : ChangesContractTests(server), IClassFixture<Redis8Fixture>;
