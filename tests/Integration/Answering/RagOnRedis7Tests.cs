using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class RagOnRedis7Tests(Redis7Fixture server) : RagContractTests(server), IClassFixture<Redis7Fixture>;
