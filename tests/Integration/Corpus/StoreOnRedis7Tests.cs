using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

public sealed class StoreOnRedis7Tests(Redis7Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis7Fixture>;
