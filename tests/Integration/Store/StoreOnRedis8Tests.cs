using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Store;

public sealed class StoreOnRedis8Tests(Redis8Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis8Fixture>;
