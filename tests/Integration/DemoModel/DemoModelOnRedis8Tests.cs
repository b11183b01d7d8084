using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.DemoModel;

public sealed class DemoModelOnRedis8Tests(Redis8Fixture server) : DemoModelContractTests(server), IClassFixture<Redis8Fixture>;
