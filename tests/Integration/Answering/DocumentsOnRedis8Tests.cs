using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class DocumentsOnRedis8Tests(Redis8Fixture server) : DocumentContractTests(server), IClassFixture<Redis8Fixture>;
