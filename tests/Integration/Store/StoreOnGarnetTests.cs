using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store;

public sealed class StoreOnGarnetTests(GarnetFixture server) : CorpusStoreContractTests(server), IClassFixture<GarnetFixture>;
