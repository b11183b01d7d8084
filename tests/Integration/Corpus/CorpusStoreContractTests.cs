using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>What a corpus store must do, on every kind of server.</summary>
public abstract partial class CorpusStoreContractTests(ServerFixture server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Memory for vectors in this process, in bytes. 0 if the server searches the vectors.</summary>
    protected virtual long VectorMemoryBytes => 1 << 20;

    [Fact]
    public async Task WrittenChunkIsFoundWithAllItHolds()
    {
        using TestCorpus corpus = await OpenAsync();

        ManifestEntry entry = await corpus.WriteAsync("guides/backups.md", 0, "Backups are kept for 30 days.", "naïve – 日本語 🦆");
        IReadOnlyList<Passage> found = await corpus.SearchAsync(0);

        Assert.Equal([0, 1], found.Select(c => c.Index));
        Assert.All(found, c => Assert.Equal("guides/backups.md", c.Path));
        Assert.Equal("naïve – 日本語 🦆", found[1].Text);
        Assert.Equal(TestCorpus.TokensOf("naïve – 日本語 🦆"), found[1].Tokens.ToArray());
        Assert.Equal((11, 19), (found[1].StartLine, found[1].EndLine));
        Assert.Equal(1f, found[0].Score, 1e-3f);
        Assert.Equal(entry, await corpus.Store.FindAsync("guides/backups.md", Cancellation));
        Assert.Equal(2, entry.ChunkCount);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    [InlineData(-1f)]
    public async Task ScoreIsTheCosine(float cosine)
    {
        using TestCorpus corpus = await OpenAsync();
        float[] vector = [7 * cosine, 7 * MathF.Sqrt(1 - (cosine * cosine)), 0, 0, 0, 0, 0, 0];
        await corpus.Store.WriteAsync(
            TestCorpus.Identity, "a", TestCorpus.HashOf("a"), 1, [TestCorpus.Chunks(0, "a")[0] with { Vector = vector }], Cancellation);

        Passage found = Assert.Single(await corpus.SearchAsync(0, minScore: -1));

        Assert.Equal(cosine, found.Score, 1e-3f);
    }

    [Fact]
    public async Task SearchOrdersByScoreAndHonoursItsLimits()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("near", 0, [.. Enumerable.Range(0, 30).Select(i => $"near {i}")]);
        await corpus.WriteAsync("far", 3, "far");

        IReadOnlyList<Passage> found = await corpus.SearchAsync(0, topK: 7);

        Assert.Equal(Enumerable.Range(0, 7), found.Select(c => c.Index));
        Assert.DoesNotContain(await corpus.SearchAsync(0, topK: 100), c => c.Path == "far");
        Assert.Equal(31, (await corpus.SearchAsync(0, topK: 100, minScore: -1)).Count);
    }

    [Fact]
    public async Task EmptyCorpusIsReadWithoutWritingAnything()
    {
        using TestCorpus corpus = await OpenAsync();

        await corpus.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        Assert.Empty(await corpus.SearchAsync(0));
        Assert.Null(await corpus.Store.FindAsync("a", Cancellation));
        Assert.Equal(new CorpusSize(0, 0, 0), await corpus.Store.CountAsync(Cancellation));
        Assert.Empty(await ListAsync(corpus));
        Assert.False(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));

        Assert.Empty(await corpus.KeysAsync());
    }

    [Fact]
    public async Task RewrittenDocumentIsSeenOnlyInItsNewGeneration()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "old 0", "old 1", "old 2");

        ManifestEntry entry = await corpus.WriteAsync("a", 0, "new 0");
        IReadOnlyList<Passage> found = await corpus.SearchAsync(0);

        Assert.Equal("new 0", Assert.Single(found).Text);
        Assert.Equal(new CorpusSize(1, 1, 5), await corpus.Store.CountAsync(Cancellation));
        Assert.Equal(1, entry.ChunkCount);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        if (corpus.Store.Capabilities.HasVectorSets)
            Assert.Equal(1, await corpus.VectorCountAsync());
    }

    [Fact]
    public async Task ReplacedChunksExpireAndCurrentOnesDoNot()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry old = await corpus.WriteAsync("a", 0, "old");
        ManifestEntry current = await corpus.WriteAsync("a", 0, "new");

        TimeSpan? oldTtl = await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(new ChunkRef(old.Generation, "a", 0)));
        TimeSpan? currentTtl = await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(new ChunkRef(current.Generation, "a", 0)));

        Assert.InRange(oldTtl!.Value.TotalMinutes, 1, 10);
        Assert.Null(currentTtl);
        Assert.True(await corpus.Database.KeyExistsAsync(corpus.Keys.Chunk(new ChunkRef(current.Generation, "a", 0))));
    }

    [Fact]
    public async Task RemovedDocumentIsNotFoundAndLeavesNothingForLong()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a 0", "a 1");
        await corpus.WriteAsync("b", 0, "b 0");

        Assert.True(await corpus.Store.RemoveAsync("a", Cancellation));

        Assert.Equal("b", Assert.Single(await corpus.SearchAsync(0)).Path);
        Assert.False(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Null(await corpus.Store.FindAsync("a", Cancellation));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task ClearedCorpusIsEmptyAndTakesAnotherIdentity()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        await corpus.WriteAsync("a", 0, "a 0", "a 1");
        await corpus.WriteAsync("b", 0, "b 0");

        await corpus.Store.ClearAsync(Cancellation);

        Assert.Empty(await corpus.SearchAsync(0));
        Assert.Equal(new CorpusSize(0, 0, 0), await corpus.Store.CountAsync(Cancellation));
        Assert.Equal(
            [corpus.Keys.Changes.ToString(), corpus.Keys.Generation.ToString(), corpus.Keys.Revision.ToString()],
            (await corpus.KeysAsync()).Where(key => !key.Contains(":writer:", StringComparison.Ordinal)));
        var other = new IndexIdentity("other/2", 3, TestCorpus.Identity.TokenizerFingerprint);
        await corpus.Store.CheckIdentityAsync(other, Cancellation);
        ChunkWrite write = TestCorpus.Chunks(0, "c")[0] with { Vector = new float[] { 0, 1, 0 } };
        await corpus.Store.WriteAsync(other, "c", TestCorpus.HashOf("c"), 1, [write], Cancellation);
        IReadOnlyList<Passage> found = await corpus.FindAsync([0, 2, 0], 5, 0);
        Assert.Equal("c", Assert.Single(found).Path);
    }

    [Fact]
    public async Task CorpusWhoseDocumentsAreAllRemovedTakesAnotherIdentity()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        await corpus.Store.RemoveAsync("a", Cancellation);
        var other = new IndexIdentity("other/2", 3, TestCorpus.Identity.TokenizerFingerprint);
        await corpus.Store.CheckIdentityAsync(other, Cancellation);
        Assert.Empty(await corpus.FindAsync(new float[] { 0, 2, 0 }, 5, 0));

        ChunkWrite write = TestCorpus.Chunks(0, "c")[0] with { Vector = new float[] { 0, 1, 0 } };
        await corpus.Store.WriteAsync(other, "c", TestCorpus.HashOf("c"), 1, [write], Cancellation);

        IReadOnlyList<Passage> found = await corpus.FindAsync([0, 2, 0], 5, 0);
        Assert.Equal("c", Assert.Single(found).Path);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
    }

    [Fact]
    public async Task AnotherEmbeddingIsRefusedWithBothNamesAndTheRemedy()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        IndexIdentity other = TestCorpus.Identity with { Embedding = "bert/9" };

        RedisInferException atOpen = await Assert.ThrowsAsync<RedisInferException>(
            () => corpus.Store.CheckIdentityAsync(other, Cancellation));
        RedisInferException atWrite = await Assert.ThrowsAsync<RedisInferException>(
            () => corpus.Store.WriteAsync(other, "b", TestCorpus.HashOf("b"), 1, TestCorpus.Chunks(0, "b"), Cancellation));
        RedisInferException atSearch = await Assert.ThrowsAsync<RedisInferException>(
            () => corpus.FindAsync(new float[3], 5, 0));

        Assert.All([atOpen, atWrite, atSearch], e => Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code));
        Assert.Contains("test/1", atOpen.Message, StringComparison.Ordinal);
        Assert.Contains("bert/9", atOpen.Message, StringComparison.Ordinal);
        Assert.Contains("ClearAsync", atOpen.Message, StringComparison.Ordinal);
        Assert.Null(await corpus.Store.FindAsync("b", Cancellation));
    }

    [Fact]
    public async Task AnotherTokenizerIsRefused()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.Store.CheckIdentityAsync(
            TestCorpus.Identity with { TokenizerFingerprint = new string('f', 32) }, Cancellation));

        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
        Assert.Contains("tokenizer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CorpusMadeAnewByAnotherProcessIsNoticed()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        await corpus.WriteAsync("a", 0, "a");
        Assert.Single(await corpus.SearchAsync(0));
        using TestCorpus another = await corpus.OpenAnotherAsync();

        await another.Store.ClearAsync(Cancellation);
        Assert.Empty(await corpus.SearchAsync(0));
        await another.WriteAsync("b", 0, "b");

        Assert.Equal("b", Assert.Single(await corpus.SearchAsync(0)).Path);
        await another.Store.ClearAsync(Cancellation);
        IndexIdentity other = TestCorpus.Identity with { Embedding = "bert/9" };
        await another.Store.WriteAsync(other, "c", TestCorpus.HashOf("c"), 1, TestCorpus.Chunks(0, "c"), Cancellation);
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
    }

    [Fact]
    public async Task ChunkWithoutDirectionIsStoredAndNeverFound()
    {
        using TestCorpus corpus = await OpenAsync();
        ChunkWrite[] chunks = TestCorpus.Chunks(0, "zero", "one");
        chunks[0] = chunks[0] with { Vector = new float[TestCorpus.Dimensions] };

        ManifestEntry entry = (await corpus.Store.WriteAsync(TestCorpus.Identity, "a", TestCorpus.HashOf("a"), 1, chunks, Cancellation))!;

        Assert.Equal(2, entry.ChunkCount);
        Assert.True(await corpus.Database.KeyExistsAsync(corpus.Keys.Chunk(new ChunkRef(entry.Generation, "a", 0))));
        Assert.Equal("one", Assert.Single(await corpus.SearchAsync(0, minScore: -1)).Text);
        Assert.Empty(await corpus.FindAsync(new float[TestCorpus.Dimensions], 5, -1));
        await corpus.WriteAsync("a", 0, "replaced");
        Assert.Equal("replaced", Assert.Single(await corpus.SearchAsync(0)).Text);
    }

    [Fact]
    public async Task DocumentOfNoChunksIsIndexedAndNeverFound()
    {
        using TestCorpus corpus = await OpenAsync();

        ManifestEntry entry = await corpus.WriteAsync("empty", 0);

        Assert.Equal(entry, await corpus.Store.FindAsync("empty", Cancellation));
        Assert.Empty(await corpus.SearchAsync(0));
        await corpus.WriteAsync("empty", 0, "no more");
        Assert.Single(await corpus.SearchAsync(0));
        Assert.True(await corpus.Store.RemoveAsync("empty", Cancellation));
    }

    [Fact]
    public async Task WeirdPathsAreKeptApartAndComeBackAsTheyAre()
    {
        using TestCorpus corpus = await OpenAsync();
        string[] paths =
        [
            "with space.md", "with:colon", "{braces}", "{braces", "a:chunk_1", "a:chunk_1:chunk_0", "a", "line\nbreak", "tab\there",
            "日本語/ドキュメント.md", "емейл.md", "🦆/🦆.md", "e\u0301.md", "\u00e9.md", "tokens:a", "1:tokens:a:chunk_0", "\"quoted\" 'x'",
            "back\\slash", "*?[a]", new string('x', 1000), "\0nul", " ", "a ", " a", "%41", "A",
        ];

        foreach (string path in paths)
        {
            await corpus.WriteAsync(path, 0, "text of " + path, "more of " + path);
        }

        Assert.Equal(paths.Order(StringComparer.Ordinal), (await ListAsync(corpus)).Select(e => e.Path).Order(StringComparer.Ordinal));
        IReadOnlyList<Passage> found = await corpus.SearchAsync(0, topK: 2 * paths.Length);
        Assert.Equal(2 * paths.Length, found.Count);
        Assert.All(found, c => Assert.Equal((c.Index == 0 ? "text of " : "more of ") + c.Path, c.Text));
        Assert.All(await corpus.Store.FindManyAsync(paths, Cancellation), Assert.NotNull);
        foreach (string path in paths)
        {
            Assert.True(await corpus.Store.RemoveAsync(path, Cancellation));
        }

        Assert.Empty(await corpus.SearchAsync(0));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WrongArgumentsAreRefusedAndWriteNothing()
    {
        using TestCorpus corpus = await OpenAsync();
        ChunkWrite good = TestCorpus.Chunks(0, "a")[0];

        await Refuses("", TestCorpus.HashOf("a"), good);
        await Refuses("half a pair \ud800", TestCorpus.HashOf("a"), good);
        await Refuses("a", "no hash", good);
        await Refuses("a", TestCorpus.HashOf("a"), good with { Vector = new float[3] });
        await Refuses("a", TestCorpus.HashOf("a"), good with { Vector = new float[] { 1, float.NaN, 0, 0, 0, 0, 0, 0 } });
        await Refuses("a", TestCorpus.HashOf("a"), good with { Chunk = good.Chunk with { Index = 1 } });

        Assert.Empty(await corpus.KeysAsync());

        async Task Refuses(string path, string hash, ChunkWrite chunk) => await Assert.ThrowsAnyAsync<ArgumentException>(
            () => corpus.Store.WriteAsync(TestCorpus.Identity, path, hash, 1, [chunk], Cancellation));
    }

    [Fact]
    public async Task DamagedChunkIsRefusedAndAMissingOneIsSkipped()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry entry = await corpus.WriteAsync("a", 0, "zero", "one");
        RedisKey zero = corpus.Keys.Chunk(new ChunkRef(entry.Generation, "a", 0));
        var record = (byte[])(await corpus.Database.StringGetAsync(zero))!;
        record[^1] ^= 1;
        await corpus.Database.StringSetAsync(zero, record);

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));
        await corpus.Database.KeyDeleteAsync(zero);

        Assert.Equal(RedisInferErrorCode.StateCorrupt, e.Code);
        Assert.Contains("tokens:a:chunk_0", e.Message, StringComparison.Ordinal);
        Assert.Equal("one", Assert.Single(await corpus.SearchAsync(0)).Text);
    }

    [Fact]
    public async Task TwoThousandDocumentsAreListedCountedAndFound()
    {
        using TestCorpus corpus = await OpenAsync();
        string[] paths = [.. Enumerable.Range(0, 2000).Select(i => $"dir {i % 20}/file {i}.md")];

        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (path, _) => await corpus.WriteAsync(path, Math.Abs(path.Length) % 4, path, path + " again"));

        Assert.Equal((2000L, 4000L), await CountAsync());
        Assert.Equal(paths.Order(StringComparer.Ordinal), (await ListAsync(corpus)).Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.All(await corpus.Store.FindManyAsync(paths, Cancellation), Assert.NotNull);
        Assert.Equal(20, (await corpus.SearchAsync(2, topK: 20)).Count);
        await corpus.Store.ClearAsync(Cancellation);
        Assert.Equal(3, (await corpus.KeysAsync()).Count(key => !key.Contains(":writer:", StringComparison.Ordinal)));

        async Task<(long, long)> CountAsync()
        {
            (long documents, long chunks, _) = await corpus.Store.CountAsync(Cancellation);
            return (documents, chunks);
        }
    }

    private static async Task<List<ManifestEntry>> ListAsync(TestCorpus corpus)
    {
        var entries = new List<ManifestEntry>();
        await foreach (ManifestEntry entry in corpus.Store.ListAsync(Cancellation))
        {
            entries.Add(entry);
        }

        return [.. entries.Distinct()];
    }

    /// <summary>Every key without a TTL belongs to a current generation. The Vector Set holds exactly the chunks of these.</summary>
    internal static async Task AssertEveryKeyIsAccountedForAsync(TestCorpus corpus)
    {
        List<ManifestEntry> entries = await ListAsync(corpus);
        HashSet<string> expected =
        [
            corpus.Keys.Meta.ToString(), corpus.Keys.Manifest.ToString(), corpus.Keys.Generation.ToString(), corpus.Keys.Revision.ToString(), corpus.Keys.Changes.ToString(), corpus.Keys.KvIndex.ToString(),
            .. entries.SelectMany(e => Enumerable.Range(0, e.ChunkCount).Select(i => corpus.Keys.Chunk(e.ChunkAt(i)).ToString())),
            .. entries.Select(e => corpus.Keys.Words(e.Generation, e.Path).ToString()),
        ];
        if (await corpus.Database.HashGetAsync(corpus.Keys.Meta, "epoch") is { IsNull: false } epoch)
        {
            expected.Add(corpus.Keys.VectorSet((long)epoch).ToString());
            expected.UnionWith(entries.Select(e => corpus.Keys.Vectors((long)epoch, e.Generation, e.Path).ToString()));
        }

        foreach (string key in await corpus.KeysAsync())
        {
            Assert.True(
                expected.Contains(key) || await corpus.Database.KeyTimeToLiveAsync(key) is not null, $"{key} is left over.");
        }

        if (corpus.Store.Capabilities.HasVectorSets)
            Assert.Equal(entries.Sum(e => e.ChunkCount), await corpus.VectorCountAsync());
    }

    private async Task<TestCorpus> OpenAsync() => await TestCorpus.OpenAsync(await server.ConnectAsync(), vectorMemoryBytes: VectorMemoryBytes);
}
