using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Integration.Corpus;

public abstract partial class CorpusStoreContractTests
{
    [Fact]
    public async Task RareIdentifierIsFoundByItsWordsWhereverItsVectorPoints()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("near", 0, "the lane is closed", "the lane is open");
        await corpus.WriteAsync("far", 4, "the lane shows LW-204", "the lane is wet");

        IReadOnlyList<Passage> byWords = await corpus.FindAsync(Query("What does LW-204 mean?", RetrievalMode.Lexical));
        IReadOnlyList<Passage> byVector = await corpus.FindAsync(Query("What does LW-204 mean?", RetrievalMode.Vector));
        IReadOnlyList<Passage> hybrid = await corpus.FindAsync(Query("What does LW-204 mean?", RetrievalMode.Hybrid));

        Assert.Equal("the lane shows LW-204", Assert.Single(byWords).Text);
        Assert.Equal("near", byVector[0].Path);
        Assert.Contains(hybrid, chunk => chunk.Text == "the lane shows LW-204");
        Assert.Contains(hybrid, chunk => chunk.Path == "near");
    }

    [Fact]
    public async Task HitByWordsAloneHasTheCosineOfItsVector()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "nothing of that kind");
        float[] vector = [3, 0, 0, 0, 4, 0, 0, 0];
        ChunkWrite write = TestCorpus.Chunks(0, "quayside")[0] with { Vector = vector };
        await corpus.Store.WriteAsync(TestCorpus.Identity, "b", TestCorpus.HashOf("b"), 1, [write], Cancellation);

        Passage found = Assert.Single(await corpus.FindAsync(Query("quayside", RetrievalMode.Lexical)));

        Assert.Equal(0.6f, found.Score, 1e-3f);
        Assert.Empty(await corpus.FindAsync(Query("quayside", RetrievalMode.Lexical) with { MinScore = 0.7f }));
        Assert.Single(await corpus.FindAsync(Query("quayside", RetrievalMode.Lexical) with { MinScore = 0.5f }));
    }

    [Fact]
    public async Task WordsOfReplacedRemovedAndClearedDocumentsAreNotFound()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("a", 0, "capstan");
        await corpus.WriteAsync("b", 0, "capstan lantern");
        Assert.Equal(2, (await another.FindAsync(Query("capstan", RetrievalMode.Lexical))).Count);

        await corpus.WriteAsync("a", 0, "foghorn");
        Assert.Equal("b", Assert.Single(await another.FindAsync(Query("capstan", RetrievalMode.Lexical))).Path);
        Assert.Equal("a", Assert.Single(await another.FindAsync(Query("foghorn", RetrievalMode.Lexical))).Path);
        await corpus.Store.RemoveAsync("b", Cancellation);
        Assert.Empty(await another.FindAsync(Query("capstan", RetrievalMode.Lexical)));
        await corpus.Store.ClearAsync(Cancellation);
        Assert.Empty(await another.FindAsync(Query("foghorn", RetrievalMode.Lexical)));
        await corpus.WriteAsync("c", 0, "foghorn");
        Assert.Equal("c", Assert.Single(await another.FindAsync(Query("foghorn", RetrievalMode.Hybrid))).Path);
    }

    [Fact]
    public async Task CorpusWithoutAnEmbeddingIsFoundByItsWords()
    {
        using TestCorpus corpus = await OpenAsync();
        var identity = new IndexIdentity(IndexIdentity.NoEmbedding, 0, TestCorpus.Identity.TokenizerFingerprint);
        ChunkWrite[] writes = [.. TestCorpus.Chunks(0, "the harbour pilot", "the harbour master").Select(write => write with { Vector = default })];
        await corpus.Store.WriteAsync(identity, "a", TestCorpus.HashOf("a"), 1, writes, Cancellation);
        var query = new RetrievalQuery("pilot of the harbour", default, 5, 0.2f);

        IReadOnlyList<Passage> found = await corpus.FindAsync(query);

        Assert.Equal(["the harbour pilot", "the harbour master"], found.Select(chunk => chunk.Text));
        Assert.Equal(1, found[0].Score, 1e-3f);
        Assert.InRange(found[1].Score, 0.2f, 0.9f);
        Assert.Equal("the harbour pilot", Assert.Single(await corpus.FindAsync(query with { MinScore = 0.95f })).Text);
        Assert.DoesNotContain(await corpus.KeysAsync(), key => key.Contains("vectors", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NeighborsStandAfterTheHitsAndComeFromTheSameGeneration()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 4, "old zero", "old one", "old two needle", "old three");
        await corpus.WriteAsync("a", 4, "zero", "one", "two needle", "three", "four");

        IReadOnlyList<Passage> one = await corpus.FindAsync(Query("needle", RetrievalMode.Lexical) with { Neighbors = 1 });
        IReadOnlyList<Passage> three = await corpus.FindAsync(Query("needle", RetrievalMode.Lexical) with { Neighbors = 3 });

        Assert.Equal(["two needle", "one", "three"], one.Select(chunk => chunk.Text));
        Assert.Equal(["two needle", "one", "three", "zero", "four"], three.Select(chunk => chunk.Text));
        Assert.All(three, chunk => Assert.Equal(one[0].Score, chunk.Score));
    }

    [Fact]
    public async Task TheSameTextInAnotherDocumentIsNoFurtherPassage()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "licence text");
        await corpus.WriteAsync("b", 0, "licence text");
        await corpus.WriteAsync("c", 0, "licence of the fishing boats");

        IReadOnlyList<Passage> found = await corpus.FindAsync(Query("licence", RetrievalMode.Hybrid) with { TopK = 2 });

        Assert.Equal(["licence of the fishing boats", "licence text"], found.Select(chunk => chunk.Text).Order());
    }

    [Fact]
    public async Task ARerankerChoosesAmongMoreCandidates()
    {
        using TestCorpus corpus = await OpenAsync();
        for (int i = 0; i < 8; i++)
        {
            await corpus.WriteAsync($"d{i}", 0, $"tide table number {i}");
        }

        var reranker = new ScoreByText(text => text.EndsWith('6') ? 1 : 0);
        RetrievalQuery query = Query("tide table", RetrievalMode.Hybrid) with { TopK = 1, Reranker = reranker, RerankCandidates = 8 };

        Assert.Equal("d6", Assert.Single(await corpus.FindAsync(query)).Path);
        Assert.Equal(8, reranker.Asked);
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(
            () => corpus.FindAsync(query with { Reranker = new ScoreByText(_ => float.NaN) }));
        Assert.Equal(RedisInferErrorCode.InvalidOptions, e.Code);
    }

    private static RetrievalQuery Query(string question, RetrievalMode mode) =>
        new(question, TestCorpus.Direction(0), 5, -1) { Mode = mode };
}
