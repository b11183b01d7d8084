using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class AnswerCacheOnRedis7Tests(Redis7Fixture server) : AnswerCacheContractTests(server), IClassFixture<Redis7Fixture>;
