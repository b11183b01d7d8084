using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

public sealed class IndependentReuseOnGarnetTests(GarnetFixture server) : IndependentReuseContractTests(server), IClassFixture<GarnetFixture>;
