using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class AbandonedWorkOnRedis7Tests(Redis7Fixture server) : AbandonedWorkContractTests(server), IClassFixture<Redis7Fixture>;
