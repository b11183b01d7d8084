using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class AnswerCacheOnGarnetTests(GarnetFixture server) : AnswerCacheContractTests(server), IClassFixture<GarnetFixture>;
