using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Servers;

public sealed class GarnetFixtureTests(GarnetFixture server) : ServerFixtureContract(server), IClassFixture<GarnetFixture>;
