using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

public sealed class ReuseOnGarnetTests(GarnetFixture server) : ReuseContractTests(server), IClassFixture<GarnetFixture>;
