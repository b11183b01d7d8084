using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class AnswerCacheOnRedis8Tests(Redis8Fixture server) : AnswerCacheContractTests(server), IClassFixture<Redis8Fixture>;
