using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class ChangesOnGarnetTests(GarnetFixture server) : ChangesContractTests(server), IClassFixture<GarnetFixture>;
