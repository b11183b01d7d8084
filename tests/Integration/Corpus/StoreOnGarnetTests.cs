using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class StoreOnGarnetTests(GarnetFixture server) : CorpusStoreContractTests(server), IClassFixture<GarnetFixture>;
