using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class RagOnGarnetTests(GarnetFixture server) : RagContractTests(server), IClassFixture<GarnetFixture>;
