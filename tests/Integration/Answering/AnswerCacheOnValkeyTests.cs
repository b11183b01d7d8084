using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

public sealed class AnswerCacheOnValkeyTests(ValkeyFixture server) : AnswerCacheContractTests(server), IClassFixture<ValkeyFixture>;
