using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class AbandonedWorkOnGarnetTests(GarnetFixture server) : AbandonedWorkContractTests(server), IClassFixture<GarnetFixture>;
