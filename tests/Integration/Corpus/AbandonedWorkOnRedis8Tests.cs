using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class AbandonedWorkOnRedis8Tests(Redis8Fixture server) : AbandonedWorkContractTests(server), IClassFixture<Redis8Fixture>;
