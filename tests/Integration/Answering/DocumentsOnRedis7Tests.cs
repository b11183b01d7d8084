using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class DocumentsOnRedis7Tests(Redis7Fixture server) : DocumentContractTests(server), IClassFixture<Redis7Fixture>;
