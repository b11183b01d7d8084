using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class WritersOnGarnetTests(GarnetFixture server) : WritersContractTests(server), IClassFixture<GarnetFixture>;
