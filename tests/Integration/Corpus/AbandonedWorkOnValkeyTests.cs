using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class AbandonedWorkOnValkeyTests(ValkeyFixture server) : AbandonedWorkContractTests(server), IClassFixture<ValkeyFixture>;
