using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Servers;

public sealed class Redis8FixtureTests(Redis8Fixture server) : ServerFixtureContract(server), IClassFixture<Redis8Fixture>;
