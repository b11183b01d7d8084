using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class StoreOnRedis8Tests(Redis8Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis8Fixture>;
