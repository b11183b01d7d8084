using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.FrontDoor;

public sealed class RagOnGarnetTests(GarnetFixture server) : RagContractTests(server), IClassFixture<GarnetFixture>;
