using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store;

public sealed class StoreOnRedis7Tests(Redis7Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis7Fixture>;
