using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class StoreOnValkeyTests(ValkeyFixture server) : CorpusStoreContractTests(server), IClassFixture<ValkeyFixture>;
