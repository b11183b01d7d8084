using Microsoft.Extensions.AI;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Inference;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Answering;

public abstract partial class RagContractTests
{
    [Fact]
    public async Task ASourceMayWaitForWhatBecameOfTheDocumentBefore()
    {
        await using RagRuntime runtime = Start();
        var wasIndexed = new SemaphoreSlim(1);

        async IAsyncEnumerable<RagDocument> OneByOneAsync()
        {
            for (int i = 0; i < 5; i++)
            {
                await wasIndexed.WaitAsync(TestEnds);
                yield return new RagDocument($"{i}.md", $"Lantern number {i} is lit.");
            }
        }

        var paths = new List<string>();
        await foreach (IndexedDocument document in runtime.Index.AddAsync(OneByOneAsync(), TestEnds))
        {
            paths.Add(document.Path);
            wasIndexed.Release();
        }

        Assert.Equal(["0.md", "1.md", "2.md", "3.md", "4.md"], paths);
    }

    [Fact]
    public async Task ADocumentThatComesTwiceStandsAsItCameLast()
    {
        await using RagRuntime runtime = Start();
        RagDocument[] documents =
        [
            new("a.md", "The capstan is red."), new("b.md", "The bollard is grey."), new("a.md", "The capstan is green."),
            new("a.md", "The capstan is green."), null!, new("", "no path"),
        ];

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.Equal(
            [
                IndexingStatus.Added, IndexingStatus.Added, IndexingStatus.Updated, IndexingStatus.Unchanged, IndexingStatus.Skipped,
                IndexingStatus.Skipped,
            ],
            indexed.Select(document => document.Status));
        IReadOnlyList<RagPassage> found = await runtime.Index.SearchAsync(new RagRequest("What colour is the capstan?"), TestEnds);
        Assert.Equal("The capstan is green.", found[0].Text);
    }

    [Fact]
    public async Task OfAChangedDocumentOnlyWhatHasChangedIsWritten()
    {
        await using RagRuntime runtime = Start();
        string[] paragraphs = [.. Enumerable.Range(0, 120).Select(i => $"Berth {i} " + string.Join(' ', Enumerable.Range(0, 12 + (7 * i % 31)).Select(word => $"w{(i * 37) + word}")))];
        IndexedDocument added = await runtime.Index.AddAsync(new RagDocument("berths.md", string.Join("\n\n", paragraphs)), TestEnds);
        Assert.Equal(added.ChunkCount, added.WrittenChunkCount);

        paragraphs[60] = "Berth sixty is closed for dredging.";
        IndexedDocument changed = await runtime.Index.AddAsync(new RagDocument("berths.md", string.Join("\n\n", paragraphs)), TestEnds);
        string[] longer = ["Berths are counted from the lighthouse.", .. paragraphs];
        IndexedDocument moved = await runtime.Index.AddAsync(new RagDocument("berths.md", string.Join("\n\n", longer)), TestEnds);

        Assert.Equal(IndexingStatus.Updated, changed.Status);
        Assert.InRange(changed.WrittenChunkCount, 1, changed.ChunkCount / 3);
        Assert.InRange(moved.WrittenChunkCount, 1, moved.ChunkCount / 2);
        RagPassage last = (await runtime.Index.SearchAsync(new RagRequest("Where are w4441 w4440 w4439?"), TestEnds))[0];
        Assert.Equal(2 * 120 + 1, last.EndLine);
        Assert.Equal(moved.ChunkCount - 1, last.Chunk);
        Assert.Contains(
            await runtime.Index.SearchAsync(new RagRequest("Why is berth sixty closed?"), TestEnds), passage => passage.Text.Contains("dredging", StringComparison.Ordinal));

        await using RagRuntime another = Start();
        await another.Index.ClearAsync(TestEnds);
        await another.Index.AddAsync(new RagDocument("berths.md", string.Join("\n\n", longer)), TestEnds);
        RagPassage fresh = (await another.Index.SearchAsync(new RagRequest("Where are w4441 w4440 w4439?"), TestEnds))[0];
        Assert.Equivalent(fresh, last);
    }

    [Fact]
    public async Task AnotherEmbeddingTakesTheCorpusOverInOneCall()
    {
        await using (RagRuntime before = Start())
        {
            await AddAllAsync(before);
        }

        using var embedding = new HashedWordsEmbedding(256);
        await using RagRuntime after = Start(embedding: embedding);
        RedisInferException mismatch = await Assert.ThrowsAsync<RedisInferException>(() => after.Index.SearchAsync(new RagRequest(Question), TestEnds));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, mismatch.Code);
        Assert.Contains("ReembedAsync", mismatch.Message, StringComparison.Ordinal);
        var reports = new List<IndexingProgress>();

        await after.Index.ReembedAsync(new DirectProgress(reports.Add), TestEnds);

        IReadOnlyList<RagPassage> found = await after.Index.SearchAsync(new RagRequest(Question) { Retrieval = RetrievalMode.Vector }, TestEnds);
        Assert.Equal(Handbook.Backups.Path, found[0].Path);
        Assert.Equal(reports[^1].FilesTotal, reports[^1].FilesDone);
        Assert.Equal(reports[^1].BytesTotal, reports[^1].BytesDone);
        Assert.Equal(TimeSpan.Zero, reports[^1].TimeLeft);
        Assert.All(await AddAllAsync(after), document => Assert.Equal(0, document.WrittenChunkCount));
        await using RagRuntime late = Start();
        await Assert.ThrowsAsync<RedisInferException>(() => late.Index.SearchAsync(new RagRequest(Question), TestEnds));
        await late.Index.ReembedAsync(cancellationToken: TestEnds);
        Assert.Equal(Handbook.Backups.Path, (await late.Index.SearchAsync(new RagRequest(Question), TestEnds))[0].Path);
    }

    [Fact]
    public async Task SyncMakesTheCorpusEqualToTheFolder()
    {
        await using RagRuntime runtime = Start();
        using var folder = new TempFolder();
        for (int i = 0; i < 300; i++)
        {
            File.WriteAllText(Path.Combine(folder.Path, $"{i:000}.md"), $"Berth {i} is free.");
        }

        File.WriteAllBytes(Path.Combine(folder.Path, "photo.bin"), [1, 0, 2]);
        var progress = new List<IndexingProgress>();
        List<IndexedDocument> first = await SyncAsync(new DirectProgress(progress.Add));
        File.Delete(Path.Combine(folder.Path, "007.md"));
        File.WriteAllText(Path.Combine(folder.Path, "008.md"), "Berth 8 is taken.");
        List<IndexedDocument> second = await SyncAsync(null);

        Assert.Equal(300, first.Count(document => document.Status == IndexingStatus.Added));
        Assert.Equal("photo.bin", Assert.Single(first, document => document.Status == IndexingStatus.Skipped).Path);
        Assert.Equal(first.Select(document => document.Path).Order(StringComparer.Ordinal), first.Select(document => document.Path));
        Assert.Equal(301, progress.Count);
        Assert.Equal((301, 301, progress[^1].BytesTotal), (progress[^1].FilesDone, progress[^1].FilesTotal, progress[^1].BytesDone));
        Assert.Equal(TimeSpan.Zero, progress[^1].TimeLeft);
        Assert.All(progress.Take(300), step => Assert.True(step.TimeLeft > TimeSpan.Zero));
        Assert.Equal(298, second.Count(document => document.Status == IndexingStatus.Unchanged));
        Assert.Equal("008.md", Assert.Single(second, document => document.Status == IndexingStatus.Updated).Path);
        Assert.Equal("007.md", Assert.Single(second, document => document.Status == IndexingStatus.Removed).Path);
        Assert.Equal(299, (await runtime.Index.CountAsync(TestEnds)).Documents);

        async Task<List<IndexedDocument>> SyncAsync(IProgress<IndexingProgress>? report) =>
            await runtime.Index.SyncDirectoryAsync(folder.Path, null, report, TestEnds).ToListAsync(TestEnds);
    }

    [Fact]
    public async Task SyncKeepsDocumentsWhoseFilesCannotBeReadNow()
    {
        await using RagRuntime runtime = Start();
        using var folder = new TempFolder();
        string[] kept = ["a.md", "damaged.md", "grown.md", "noise.md"];
        string[] gone = ["emptied.md", "gone.md", "ignored.md", "now-a-link/berth.md"];
        Directory.CreateDirectory(folder["now-a-link"]);
        foreach (string path in kept.Concat(gone))
        {
            File.WriteAllText(folder[path], $"The berth of {path} is free.");
        }

        var options = new FileTreeOptions { MaxFileBytes = 1000 };
        await runtime.Index.SyncDirectoryAsync(folder.Path, options, null, TestEnds).CountAsync(TestEnds);
        File.WriteAllBytes(folder["damaged.md"], [0x25, 0x50, 0x44, 0x46, 0x2D, 0x31]);
        File.WriteAllText(folder["grown.md"], new string('g', 2000));
        File.WriteAllBytes(folder["noise.md"], [1, 0, 2]);
        File.WriteAllText(folder["emptied.md"], "");
        File.Delete(folder["gone.md"]);
        File.WriteAllText(folder[".gitignore"], "ignored.md\n");
        Directory.Delete(folder["now-a-link"], recursive: true);
        Directory.CreateSymbolicLink(folder["now-a-link"], folder.Path);

        List<IndexedDocument> second = await runtime.Index.SyncDirectoryAsync(folder.Path, options, null, TestEnds).ToListAsync(TestEnds);

        Assert.Equal(gone, second.Where(document => document.Status == IndexingStatus.Removed).Select(document => document.Path));
        List<DocumentInfo> listed = await runtime.Index.ListAsync(TestEnds).ToListAsync(TestEnds);
        Assert.Equal(kept, listed.Select(document => document.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SyncKeepsEverythingBelowAFolderThatCannotBeListed()
    {
        await using RagRuntime runtime = Start();
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["share/deep"]);
        string[] below = ["share/berth.md", "share/deep/quay.md"];
        foreach (string path in Enumerable.Range(0, 200).Select(i => $"{i:000}.md").Concat(below))
        {
            File.WriteAllText(folder[path], $"The berth of {path} is free.");
        }

        await runtime.Index.SyncDirectoryAsync(folder.Path, null, null, TestEnds).CountAsync(TestEnds);

        // The share vanishes after it was found and before it is listed: a whole batch of documents is indexed in between.
        var vanish = new DirectProgress(step =>
        {
            if (step.FilesDone == 1)
                Directory.Move(folder["share"], folder[".away"]);
        });
        List<IndexedDocument> second = await runtime.Index.SyncDirectoryAsync(folder.Path, null, vanish, TestEnds).ToListAsync(TestEnds);
        Directory.Move(folder[".away"], folder["share"]);
        List<IndexedDocument> third = await runtime.Index.SyncDirectoryAsync(folder.Path, null, null, TestEnds).ToListAsync(TestEnds);

        Assert.Equal("share/", Assert.Single(second, document => document.Status != IndexingStatus.Unchanged).Path);
        Assert.All(third, document => Assert.Equal(IndexingStatus.Unchanged, document.Status));
        Assert.Equal(202, third.Count);
    }

    [Fact]
    public async Task IndexingThatWasLeftGoesOnWhereItWas()
    {
        await using RagRuntime runtime = Start();
        RagDocument[] documents = [.. Enumerable.Range(0, 400).Select(i => new RagDocument($"{i:000}.md", $"Mooring {i} holds."))];
        int taken = 0;
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds))
        {
            if (++taken == 150)
                break;
        }

        long indexed = (await runtime.Index.CountAsync(TestEnds)).Documents;
        List<IndexedDocument> again = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.InRange(indexed, 150, 399);
        Assert.Equal(indexed, again.Count(document => document.Status == IndexingStatus.Unchanged));
        Assert.Equal(400 - indexed, again.Count(document => document.Status == IndexingStatus.Added));
        Assert.Equal(400, (await runtime.Index.CountAsync(TestEnds)).Documents);
    }

    [Fact]
    public async Task DocumentThatCannotBeEmbeddedFailsAlone()
    {
        using var embedding = new PoisonedEmbedding();
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding });
        await runtime.Index.AddAsync(new RagDocument("b.md", "The store of the ship is clean."), TestEnds);
        RagDocument[] documents =
        [
            new("a.md", "The rope is new."), new("b.md", "The store holds arsenic."), new("half-\ud800.md", "The sail is white."),
            new("c.md", "The hold is full of hemlock."), new("d.md", "The anchor is down."),
        ];

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.Equal(
            [IndexingStatus.Added, IndexingStatus.Failed, IndexingStatus.Skipped, IndexingStatus.Failed, IndexingStatus.Added],
            indexed.Select(document => document.Status));
        Assert.Contains("NaN", indexed[1].SkipReason, StringComparison.Ordinal);
        Assert.Contains("half of a surrogate pair", indexed[2].SkipReason, StringComparison.Ordinal);
        Assert.Contains("hemlock is refused", indexed[3].SkipReason, StringComparison.Ordinal);
        List<DocumentInfo> listed = await runtime.Index.ListAsync(TestEnds).ToListAsync(TestEnds);
        Assert.Equal(["a.md", "b.md", "d.md"], listed.Select(document => document.Path).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<InvalidOperationException>(() => runtime.Index.AddAsync(documents[3], TestEnds));
        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Index.AddAsync(documents[2], TestEnds));
    }

    [Fact]
    public async Task DocumentWithAZeroVectorIsFoundByWords()
    {
        using var embedding = new PoisonedEmbedding();
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding });
        RagDocument[] documents = [new("a.md", "The rope is new."), new("b.md", "The cabin has a nothingness."), new("c.md", "The anchor is down.")];
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);

        IReadOnlyList<RagPassage> found = await runtime.Index.SearchAsync(new RagRequest("Which cabin has nothingness?"), TestEnds);

        Assert.Equal("b.md", found[0].Path);
        Assert.Equal(0, found[0].Score);
    }

    [Fact]
    public async Task QuestionAboutSomethingElseIsDeclinedByWhatIndexingLearned()
    {
        await using RagRuntime runtime = Start(embedding: new HashedWordsEmbedding(64));
        RagDocument[] documents = [new("a.md", "The rope of the cutter is new."), new("b.md", "The sail of the yawl is white."), new("c.md", "The anchor of the ketch is down.")];
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);

        Assert.Empty(await runtime.Index.SearchAsync(new RagRequest("photosynthesis in mosses"), TestEnds));
        Assert.NotEmpty(await runtime.Index.SearchAsync(new RagRequest("photosynthesis in mosses") { MinScore = -1 }, TestEnds));
        Assert.Equal("b.md", (await runtime.Index.SearchAsync(new RagRequest("Is the sail of the yawl white?"), TestEnds))[0].Path);
    }

    [Theory]
    [InlineData("guide.md")]
    [InlineData("z-guide.md")]
    public async Task NearCopiesDoNotFillThePlaces(string guide)
    {
        await using RagRuntime runtime = Start();
        RagDocument[] documents =
        [
            .. Enumerable.Range(0, 8).Select(i => new RagDocument(
                $"pkg{i}/LICENSE.md",
                $"Copyright {2010 + i} Example\n\nLicence of the Zander tools. Anyone may copy the Zander tools for the price of one postcard, sent before the end of the year.")),
            new(guide, "The postcard for the Zander tools goes to the harbour office, second floor."),
        ];
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);

        IReadOnlyList<RagPassage> found = await runtime.Index.SearchAsync(
            new RagRequest("Where does the postcard for the Zander tools go?") { TopK = 3 }, TestEnds);

        Assert.Contains(guide, found.Select(passage => passage.Path));
        RagPassage licence = Assert.Single(found, passage => passage.Path != guide);
        Assert.Equal(7, licence.AlsoIn.Count);
    }

    [Fact]
    public async Task DamagedEntryOfADocumentDoesNotKeepOthersOut()
    {
        await using RagRuntime runtime = Start();
        RagDocument[] documents = [new("a.md", "The rope is new."), new("b.md", "The sail is white."), new("c.md", "The anchor is down.")];
        await runtime.Index.AddAsync(documents.Take(2).ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);
        IDatabase database = (await Server.Connection.ConnectAsync(TestEnds)).GetDatabase();
        await database.HashSetAsync(new CorpusKeys(Corpus).Manifest, "b.md", "damaged");

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.Equal(3, indexed.Count);
        Assert.Equal((IndexingStatus.Unchanged, IndexingStatus.Added), (indexed[0].Status, indexed[2].Status));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task StoreThatIsAwayForAWhileIsTriedAgainSomeTimes(int waitsUntilItIsBack)
    {
        IDatabase database = (await Server.Connection.ConnectAsync(TestEnds)).GetDatabase();
        RedisKey counter = new CorpusKeys(Corpus).Generation;
        await database.StringSetAsync(counter, "no number, so that every write fails");
        var time = new SkippingTime(waits =>
        {
            if (waits == waitsUntilItIsBack)
                database.KeyDelete(counter);
        });
        using var log = new RecordingLog();
        await using RagRuntime runtime = StartWith(new RagComponents { TimeProvider = time, LoggerFactory = log });
        RagDocument[] documents = [new("a.md", "The rope is new.")];

        Task<List<IndexedDocument>> indexing =
            runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds).AsTask();

        if (waitsUntilItIsBack == int.MaxValue)
        {
            RedisInferException away = await Assert.ThrowsAsync<RedisInferException>(() => indexing);
            Assert.Equal(RedisInferErrorCode.StoreUnavailable, away.Code);
        }
        else
        {
            Assert.Equal(IndexingStatus.Added, Assert.Single(await indexing).Status);
        }

        int[] seconds = [1, 2, 4, 8, 16];
        Assert.Equal(seconds.Take(waitsUntilItIsBack), time.Skipped.Select(wait => (int)wait.TotalSeconds));
        Assert.Equal(time.Skipped.Count, log.Entries.Count(entry => entry.Message.Contains("Trying again in", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task DocumentOfTooManyChunksIsSkippedBeforeItIsEmbedded()
    {
        // Vectors of this length would take more than the largest value of a server.
        using var embedding = new HashedWordsEmbedding(4096);
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding, Chunker = new ChunkPerLine() });
        RagDocument[] documents =
            [new("a.md", "The rope is new."), new("b.md", string.Concat(Enumerable.Repeat("x\n", 32_760))), new("c.md", "The anchor is down.")];

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.Equal([IndexingStatus.Added, IndexingStatus.Skipped, IndexingStatus.Added], indexed.Select(document => document.Status));
        Assert.Contains("'b.md' has 32760 chunks. The limit is 32759", indexed[1].SkipReason, StringComparison.Ordinal);
        RedisInferException alone = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Index.AddAsync(documents[1], TestEnds));
        Assert.Equal(RedisInferErrorCode.DocumentNotReadable, alone.Code);
    }

    /// <summary>An embedding that makes no vector of some words.</summary>
    private sealed class PoisonedEmbedding() : DelegatingEmbeddingGenerator<string, Embedding<float>>(new HashedWordsEmbedding(64))
    {
        public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            string[] texts = [.. values];
            if (texts.Any(text => text.Contains("hemlock", StringComparison.Ordinal)))
                throw new InvalidOperationException("hemlock is refused in a text");
            GeneratedEmbeddings<Embedding<float>> embeddings = await base.GenerateAsync(texts, options, cancellationToken);
            for (int i = 0; i < texts.Length; i++)
            {
                if (texts[i].Contains("nothingness", StringComparison.Ordinal))
                    embeddings[i] = new Embedding<float>(new float[64]);
                if (texts[i].Contains("arsenic", StringComparison.Ordinal))
                    embeddings[i] = new Embedding<float>(Enumerable.Repeat(float.NaN, 64).ToArray());
            }

            return embeddings;
        }
    }

    private sealed class DirectProgress(Action<IndexingProgress> report) : IProgress<IndexingProgress>
    {
        public void Report(IndexingProgress value) => report(value);
    }
}
