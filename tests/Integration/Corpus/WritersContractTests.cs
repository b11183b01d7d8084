using Microsoft.Extensions.Time.Testing;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Writers that meet, and writers that are slow, asleep or dead.</summary>
public abstract class WritersContractTests(ServerFixture server)
{
    // Longer than the interval between two signs of life.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    private static readonly IndexIdentity Other = new("other/2", 3, TestCorpus.Identity.TokenizerFingerprint);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WritesOfOtherDocumentsAreNoConflict()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry other = await corpus.WriteAsync("other", 3, "other");
        await AnnounceAsync(corpus, 1000, "dead", DateTimeOffset.UnixEpoch);
        await using var tap = new TransactionTap(corpus.Connection.GetEndPoints()[0]);
        await using ConnectionMultiplexer connection = await tap.ConnectAsync(corpus.Connection.Configuration);
        using TestCorpus writer = await TestCorpus.OpenAsync(connection, corpus.Name);
        int commits = 0;
        tap.BeforeCommit = async () =>
        {
            commits++;
            await AnnounceAsync(corpus, 2000 + commits, "dead", DateTimeOffset.UnixEpoch);
            await corpus.Database.HashSetAsync(corpus.Keys.Manifest, "other", ManifestRecord.Encode(other));
        };

        Assert.Equal(1, await writer.Store.CleanUpAbandonedAsync(Cancellation));
        await writer.WriteAsync("a", 0, "a");
        Assert.True(await writer.Store.RemoveAsync("a", Cancellation));

        Assert.Equal(3, commits);
    }

    [Fact]
    public async Task LivingWriterKeepsItsWorkWhateverItsClockSays()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        await AnnounceAsync(corpus, 1000, "alive", DateTimeOffset.UnixEpoch);
        await corpus.Database.StringSetAsync(corpus.Keys.Writer("alive"), "1", TimeSpan.FromSeconds(60));

        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        await corpus.Database.KeyDeleteAsync(corpus.Keys.Writer("alive"));
        Assert.Equal(1, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
    }

    [Fact]
    public async Task WriterFinishesItsOwnWorkThatItLostTrackOf()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("a", 0, "a");
        string writer = (await corpus.KeysAsync()).Single(key => key.Contains(":writer:", StringComparison.Ordinal)).Split(':')[^1];
        await AnnounceAsync(corpus, 1000, writer, TimeProvider.System.GetUtcNow());

        Assert.Equal(0, await another.Store.CleanUpAbandonedAsync(Cancellation));
        Assert.Equal(1, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
    }

    [Fact]
    public async Task WriterThatWakesUpAfterACleanUpLeavesNothingOfItsFirstAttempt()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("other", 3, "other");

        // Half of the chunks are on the server when another process takes the writer for dead. It sends the rest afterwards.
        int cleanUps = 0;
        ObservedList<ChunkWrite> chunks = WhileWriting(corpus, 600, 300, () =>
        {
            MakeDead(corpus);
            cleanUps = another.Store.CleanUpAbandonedAsync(Cancellation).GetAwaiter().GetResult();
        });
        ManifestEntry? entry = await WriteAsync(corpus, "a", chunks);

        Assert.Equal(1, cleanUps);
        Assert.Equal(entry, await another.Store.FindAsync("a", Cancellation));
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WriterThatWakesUpDuringACleanUpRemovesWhatTheCleanerHasPassed()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("other", 3, "other");

        // A cleaner has claimed the work. It has removed what was there, but not yet the announcement.
        ObservedList<ChunkWrite> chunks = WhileWriting(corpus, 600, 300, () =>
        {
            HashEntry announced = corpus.Database.HashGetAll(corpus.Keys.Pending).Single();
            PendingRecord claim = PendingRecord.Decode((long)announced.Name, announced.Value.ToString()) with { Kind = PendingKind.Retired, Writer = "cleaner" };
            corpus.Database.HashSet(corpus.Keys.Pending, announced.Name, claim.Encode());
        });
        ManifestEntry? entry = await WriteAsync(corpus, "a", chunks);
        RedisValue claimed = Assert.Single(await corpus.Database.HashKeysAsync(corpus.Keys.Pending));
        await corpus.Database.HashDeleteAsync(corpus.Keys.Pending, claimed);

        Assert.Equal(entry, await corpus.Store.FindAsync("a", Cancellation));
        Assert.NotEqual(entry!.Generation, (long)claimed);
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task DocumentOfWhichTheServerLosesChunksMeanwhileIsWrittenAgain()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("other", 3, "other");

        // A server that was restarted between two commands, without its last writes, fails none of them.
        long lost = 0;
        ObservedList<ChunkWrite> chunks = WhileWriting(corpus, 600, 500, () =>
        {
            long generation = (long)corpus.Database.HashKeys(corpus.Keys.Pending).Single();
            lost = corpus.Database.KeyDelete([.. Enumerable.Range(40, 60).Select(i => corpus.Keys.Chunk(new ChunkRef(generation, "a", i)))]);
        });
        ManifestEntry? entry = await WriteAsync(corpus, "a", chunks);

        Assert.Equal(60, lost);
        Assert.All(await corpus.Store.ReadDocumentAsync(TestCorpus.Identity.TokenizerFingerprint, entry!, Cancellation), Assert.NotNull);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task DocumentOfWhichTheServerLosesVectorsMeanwhileIsWrittenAgain()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("other", 3, "other");
        (object Set, object Element)? first = null;
        int added = 0;
        using TestCorpus writer = await TestCorpus.OpenAsync(
            ObservedConnection.Of(corpus.Connection, (command, arguments) =>
            {
                if (command != "VADD")
                    return;
                first ??= (arguments[0], arguments[3]);
                if (++added == 300)
                    corpus.Database.Execute("VREM", first.Value.Set, first.Value.Element);
            }),
            corpus.Name);
        ManifestEntry? entry = await WriteAsync(writer, "a", TestCorpus.Chunks(0, [.. Enumerable.Range(0, 600).Select(i => $"new {i}")]));

        Assert.NotNull(entry);
        Assert.Equal(corpus.Store.Capabilities.HasVectorSets ? 1200 : 0, added);
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WriteWhoseAnswerIsLostAfterItSucceededStays()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "old");
        await using var tap = new TransactionTap(corpus.Connection.GetEndPoints()[0]);
        await using ConnectionMultiplexer connection = await tap.ConnectAsync(corpus.Connection.Configuration);
        using TestCorpus writer = await TestCorpus.OpenAsync(connection, corpus.Name);
        tap.LosesNextAnswer = true;

        await Assert.ThrowsAsync<RedisInferException>(() => writer.WriteAsync("a", 0, "new 0", "new 1"));

        Assert.False(tap.LosesNextAnswer);
        Assert.Equal(["new 0", "new 1"], (await corpus.SearchAsync(0)).Select(passage => passage.Text));
        await writer.Store.CleanUpAbandonedAsync(Cancellation);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WriterGivesSignsOfLifeHoweverLongOneDocumentTakes()
    {
        var time = new FakeTimeProvider();
        using TestCorpus corpus = await TestCorpus.OpenAsync(await server.ConnectAsync(), time: time);
        bool? isAlive = null;
        ObservedList<ChunkWrite> chunks = WhileWriting(corpus, 600, 599, () => isAlive = IsAliveAfter(corpus, time));

        await WriteAsync(corpus, "a", chunks);

        Assert.True(isAlive);
    }

    [Fact]
    public async Task WriterGivesSignsOfLifeHoweverLongOneCallOfAnEmbeddingTakes()
    {
        var time = new FakeTimeProvider();
        using TestCorpus corpus = await TestCorpus.OpenAsync(await server.ConnectAsync(), time: time);
        await corpus.WriteAsync("a", 0, "lamp");
        bool? isAlive = null;

        await ReembedAsync(corpus, call =>
        {
            isAlive = IsAliveAfter(corpus, time);
            return Task.CompletedTask;
        });

        Assert.True(isAlive);
    }

    [Fact]
    public async Task ReembeddingThatWasTakenForDeadEndsAndLeavesTheCorpusAsItWas()
    {
        var time = new FakeTimeProvider();
        using TestCorpus corpus = await TestCorpus.OpenAsync(await server.ConnectAsync(), time: time);
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await WriteThreeAsync(corpus);

        // The first document is embedded again. Then another process takes this one for dead, and this one does not notice for a long time.
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => ReembedAsync(corpus, async call =>
        {
            if (call != 2)
                return;
            MakeDead(corpus);
            Assert.Equal(1, await another.Store.CleanUpAbandonedAsync(Cancellation));
            time.Advance(TimeSpan.FromHours(1));
        }));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("sign of life", e.Message, StringComparison.Ordinal);
        await AssertStillTheThreeAsync(corpus);
    }

    [Fact]
    public async Task ReembeddingWhoseVectorsTheServerLostEndsAndLeavesTheCorpusAsItWas()
    {
        using TestCorpus corpus = await OpenAsync();
        await WriteThreeAsync(corpus);

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => ReembedAsync(corpus, async call =>
        {
            if (call != 2)
                return;
            var epoch = (long)Assert.Single(await corpus.Database.HashKeysAsync(corpus.Keys.Pending));
            IEnumerable<RedisKey> lost = (await corpus.KeysAsync())
                .Where(key => key.StartsWith($"{{{corpus.Name}}}:{epoch}:", StringComparison.Ordinal)).Select(key => (RedisKey)key);
            Assert.Equal(1, await corpus.Database.KeyDeleteAsync([.. lost]));
        }));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Contains("lost", e.Message, StringComparison.Ordinal);
        await AssertStillTheThreeAsync(corpus);
    }

    [Fact]
    public async Task CancelledReembeddingLeavesNothingOfDocumentsThatChangedMeanwhile()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await WriteThreeAsync(corpus);

        await Assert.ThrowsAsync<OperationCanceledException>(() => ReembedAsync(corpus, async call =>
        {
            if (call != 2)
                return;
            await WriteThreeAsync(another);
            throw new OperationCanceledException();
        }));

        await AssertStillTheThreeAsync(corpus);
    }

    [Fact]
    public async Task DocumentWhoseKeptVectorIsLostMustBeWrittenWhole()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "zero", "one", "two");
        var epoch = (long)await corpus.Database.HashGetAsync(corpus.Keys.Meta, "epoch");
        if (corpus.Store.Capabilities.HasVectorSets)
            await corpus.Database.ExecuteAsync("VREM", corpus.Keys.VectorSet(epoch), CorpusKeys.Element(first.ChunkAt(2)));
        else
            await corpus.Database.KeyDeleteAsync(corpus.Keys.Vectors(epoch, first.Generation, "a"));

        Assert.Null(await corpus.WriteOverAsync(first, 0, (null, "new"), (0, "zero"), (2, "two")));
        Assert.Equal(first, await corpus.Store.FindAsync("a", Cancellation));
        await corpus.WriteAsync("a", 0, "new", "zero", "two");

        Assert.Equal(["new", "zero", "two"], (await corpus.SearchAsync(0)).Select(passage => passage.Text));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    /// <summary>Writes three documents. Each fills one call of an embedding.</summary>
    private static async Task WriteThreeAsync(TestCorpus corpus)
    {
        foreach (string path in (string[])["a", "b", "c"])
        {
            await corpus.WriteAsync(path, 0, [.. Enumerable.Range(0, 64).Select(i => $"{path} {i}")]);
        }
    }

    private static async Task AssertStillTheThreeAsync(TestCorpus corpus)
    {
        Assert.Equal(192, (await corpus.SearchAsync(0, topK: 300)).Count);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    /// <summary>Chunks of a document. While one of them is read for sending, after the announcement, something else happens once.</summary>
    private static ObservedList<ChunkWrite> WhileWriting(TestCorpus corpus, int count, int at, Action happens)
    {
        bool hasHappened = false;
        return new ObservedList<ChunkWrite>(
            TestCorpus.Chunks(0, [.. Enumerable.Range(0, count).Select(i => $"new {i}")]),
            position =>
            {
                if (position != at || hasHappened || corpus.Database.HashLength(corpus.Keys.Pending) == 0)
                    return;
                hasHappened = true;
                happens();
            });
    }

    private static Task<ManifestEntry?> WriteAsync(TestCorpus corpus, string path, IReadOnlyList<ChunkWrite> chunks) =>
        corpus.Store.WriteAsync(TestCorpus.Identity, path, TestCorpus.HashOf(path), 1, chunks, Cancellation);

    /// <summary>Gives a corpus another embedding.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="onCall">Receives the number of each call of the embedding, from 1, before it returns.</param>
    private static async Task ReembedAsync(TestCorpus corpus, Func<int, Task> onCall)
    {
        int calls = 0;
        await corpus.Store.ReembedAsync(
            Other,
            async (texts, _) =>
            {
                await onCall(++calls);
                return [.. texts.Select(text => (ReadOnlyMemory<float>)new float[] { 1, text.Length, text[0] })];
            },
            chunk => chunk.Text,
            (_, _) => { },
            call => call(),
            Cancellation);
    }

    /// <summary>Makes the writer of all announced work one that has no sign of life.</summary>
    private static void MakeDead(TestCorpus corpus)
    {
        foreach (HashEntry field in corpus.Database.HashGetAll(corpus.Keys.Pending))
        {
            corpus.Database.KeyDelete(corpus.Keys.Writer(field.Value.ToString().Split(' ')[5]));
        }
    }

    private static Task AnnounceAsync(TestCorpus corpus, long number, string writer, DateTimeOffset at)
    {
        var announcement = new PendingRecord(PendingKind.Writing, 1, number, ChunkLayout.Whole(number, 2), writer, at, "b");
        return corpus.Database.HashSetAsync(corpus.Keys.Pending, number, announcement.Encode());
    }

    /// <summary>Whether the writer that is at work has a sign of life, some time after it has lost the last one.</summary>
    private static bool IsAliveAfter(TestCorpus corpus, FakeTimeProvider time)
    {
        RedisKey sign = corpus.Keys.Writer(corpus.Database.HashGetAll(corpus.Keys.Pending).Single().Value.ToString().Split(' ')[5]);
        corpus.Database.KeyDelete(sign);
        time.Advance(Interval);
        return corpus.Database.KeyExists(sign);
    }

    private async Task<TestCorpus> OpenAsync() => await TestCorpus.OpenAsync(await server.ConnectAsync());
}
