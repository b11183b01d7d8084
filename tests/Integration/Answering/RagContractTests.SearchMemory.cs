using RedisInfer.Errors;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Integration.Answering;

public abstract partial class RagContractTests
{
    private const int SearchBytes = 100_000;

    [Fact]
    public async Task CorpusGrowsUpToWhatSearchMayTakeOfMemory()
    {
        await using RagRuntime runtime = StartLimited(SearchBytes);
        var indexed = new List<IndexedDocument>();

        var full = await Assert.ThrowsAsync<RedisInferException>(async () =>
        {
            await foreach (IndexedDocument document in runtime.Index.AddAsync(Lanterns(1000).ToAsyncEnumerable(), TestEnds))
            {
                indexed.Add(document);
            }
        });

        Assert.Equal(RedisInferErrorCode.OverBudget, full.Code);
        Assert.Contains("Memory.SearchBytes", full.Message);
        Assert.InRange(indexed.Count, 10, 100);
        Assert.All(indexed, document => Assert.Equal(IndexingStatus.Added, document.Status));
        Assert.NotEmpty(await runtime.Index.SearchAsync(new RagRequest("Where is lantern number 3?"), TestEnds));
        Assert.InRange(runtime.GetStatus().SearchBytes, SearchBytes / 2, SearchBytes);
    }

    [Fact]
    public async Task FullCorpusStillTakesSmallerVersionsAndLosesDocuments()
    {
        await using RagRuntime runtime = StartLimited(SearchBytes);
        await Assert.ThrowsAsync<RedisInferException>(async () => await runtime.Index.AddAsync(Lanterns(1000).ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds));

        IndexedDocument shorter = await runtime.Index.AddAsync(new RagDocument("0.md", "It is lit."), TestEnds);
        var longer = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Index.AddAsync(
            new RagDocument("1.md", string.Join("\n\n", Lanterns(100).Select(document => document.Text))), TestEnds));
        await runtime.Index.RemoveAsync("2.md", TestEnds);
        await runtime.Index.RemoveAsync("3.md", TestEnds);
        IndexedDocument next = await runtime.Index.AddAsync(new RagDocument("next.md", "The quay is wet."), TestEnds);

        Assert.Equal(IndexingStatus.Updated, shorter.Status);
        Assert.Equal(RedisInferErrorCode.OverBudget, longer.Code);
        Assert.StartsWith("'1.md'", longer.Message);
        Assert.Equal(IndexingStatus.Added, next.Status);
    }

    [Fact]
    public async Task CorpusThatNeedsMoreMemoryThanSearchMayTakeIsNotSearched()
    {
        await using (RagRuntime unlimited = StartLimited(0))
            await unlimited.Index.AddAsync(Lanterns(100).ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);
        await using RagRuntime runtime = StartLimited(SearchBytes / 2);

        var refused = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Index.SearchAsync(new RagRequest("Where is lantern number 3?"), TestEnds));

        Assert.Equal(RedisInferErrorCode.OverBudget, refused.Code);
        Assert.Contains($"The corpus '{Corpus}' is too large to be searched.", refused.Message);
        Assert.Equal(0, runtime.GetStatus().SearchBytes);
    }

    private static IEnumerable<RagDocument> Lanterns(int count) => Enumerable.Range(0, count).Select(i => new RagDocument(
        $"{i}.md", $"Lantern number {i} hangs at the {i * 7 % 90}th bollard of quay {i % 11}. Its oil is filled on day {i % 28} of the month."));

    private RagRuntime StartLimited(long bytes) =>
        Start(embedding: new HashedWordsEmbedding(16), configure: options => options.Memory.SearchBytes = bytes);
}
