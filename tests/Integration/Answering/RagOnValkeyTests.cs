using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class RagOnValkeyTests(ValkeyFixture server) : RagContractTests(server), IClassFixture<ValkeyFixture>;
