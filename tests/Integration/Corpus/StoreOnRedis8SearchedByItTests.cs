using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>The same contract with too many vectors to search in this process: the server searches them.</summary>
public sealed class StoreOnRedis8SearchedByItTests(Redis8Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis8Fixture>
{
    protected override long VectorMemoryBytes => 0;
}
