using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class RagOnRedis8Tests(Redis8Fixture server) : RagContractTests(server), IClassFixture<Redis8Fixture>;
