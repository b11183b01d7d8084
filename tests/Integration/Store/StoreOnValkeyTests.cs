using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store;

public sealed class StoreOnValkeyTests(ValkeyFixture server) : CorpusStoreContractTests(server), IClassFixture<ValkeyFixture>;
