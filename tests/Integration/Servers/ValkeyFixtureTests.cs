using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Servers;

public sealed class ValkeyFixtureTests(ValkeyFixture server) : ServerFixtureContract(server), IClassFixture<ValkeyFixture>;
