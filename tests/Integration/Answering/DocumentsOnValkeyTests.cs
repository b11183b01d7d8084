using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class DocumentsOnValkeyTests(ValkeyFixture server) : DocumentContractTests(server), IClassFixture<ValkeyFixture>;
