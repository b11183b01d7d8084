using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>The same where vectors are too many to be searched in this process.</summary>
public sealed class StoreOnRedis8SearchedByItTests(Redis8Fixture server) : CorpusStoreContractTests(server), IClassFixture<Redis8Fixture>
{
    protected override long VectorMemoryBytes => 0;
}
