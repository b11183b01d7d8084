using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>The same where vectors are too many to be searched in this process.</summary>
public sealed class StoreOnGarnetSearchedByItTests(GarnetFixture server) : CorpusStoreContractTests(server), IClassFixture<GarnetFixture>
{
    protected override long VectorMemoryBytes => 0;
}
