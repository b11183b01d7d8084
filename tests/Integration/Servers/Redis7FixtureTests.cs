using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Servers;

public sealed class Redis7FixtureTests(Redis7Fixture server) : ServerFixtureContract(server), IClassFixture<Redis7Fixture>;
