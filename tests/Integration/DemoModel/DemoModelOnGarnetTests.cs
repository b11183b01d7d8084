using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.DemoModel;

public sealed class DemoModelOnGarnetTests(GarnetFixture server) : DemoModelContractTests(server), IClassFixture<GarnetFixture>;
