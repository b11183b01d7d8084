using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class WritersOnValkeyTests(ValkeyFixture server) : WritersContractTests(server), IClassFixture<ValkeyFixture>;
