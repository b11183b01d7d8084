using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class ChangesOnValkeyTests(ValkeyFixture server) : ChangesContractTests(server), IClassFixture<ValkeyFixture>;
