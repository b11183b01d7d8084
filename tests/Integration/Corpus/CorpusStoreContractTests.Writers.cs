using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <content>Several writers at once, slow writers, and dead writers.</content>
public abstract partial class CorpusStoreContractTests
{
    [Fact]
    public async Task CancelledWriteLeavesTheFormerGenerationAndNoTrace()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "old");
        using var cancellation = new CancellationTokenSource();

        // Cancels while the chunks are being read for sending: after the announcement, before the transaction.
        bool wasAnnounced = false;
        var chunks = new ObservedList<ChunkWrite>(
            TestCorpus.Chunks(0, [.. Enumerable.Range(0, 2000).Select(i => $"new {i}")]),
            position =>
            {
                if (position != 1500 || corpus.Database.HashLength(corpus.Keys.Pending) == 0)
                    return;
                wasAnnounced = true;
                cancellation.Cancel();
            });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => corpus.Store.WriteAsync(
            TestCorpus.Identity, "a", TestCorpus.HashOf("new"), 1, chunks, cancellation.Token));

        Assert.True(wasAnnounced);
        Assert.Equal("old", Assert.Single(await corpus.SearchAsync(0)).Text);
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task TwoWritersOfOneDocumentLeaveOneGenerationAndNothingElse()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();

        Task[] writers =
        [
            .. Enumerable.Range(0, 4).Select(writer => Task.Run(
                async () =>
                {
                    for (int round = 0; round < 15; round++)
                    {
                        TestCorpus by = writer % 2 == 0 ? corpus : another;
                        await by.WriteAsync("a", 0, [.. Enumerable.Range(0, 1 + writer).Select(i => $"{writer}.{round} {i}")]);
                    }
                },
                Cancellation)),
        ];
        await Task.WhenAll(writers);

        IReadOnlyList<Passage> found = await corpus.SearchAsync(0, topK: 50);
        ManifestEntry? entry = await corpus.Store.FindAsync("a", Cancellation);
        Assert.Equal(entry!.ChunkCount, found.Count);
        Assert.Single(found.Select(c => c.Text.Split(' ')[0]).Distinct());
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task QuestionsWhileADocumentIsRewrittenSeeItWholeAndAlways(RetrievalMode mode)
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("still", 0, "still tide 0", "still tide 1");
        await corpus.WriteAsync("busy", 0, "0 tide a", "0 tide b", "0 tide c");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using TestCorpus writer = await corpus.OpenAnotherAsync();
        int rounds = 0;
        Task writing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    string text = $"{++rounds}";
                    await writer.WriteAsync("busy", 0, text + " tide a", text + " tide b", text + " tide c");
                }
            },
            Cancellation);

        for (int question = 0; question < 300 || Volatile.Read(ref rounds) <= 20; question++)
        {
            Assert.False(writing.IsCompleted);
            IReadOnlyList<Passage> found = await corpus.FindAsync(Query("tide", mode));
            Assert.Equal(5, found.Count);
            Assert.Equal([0, 1, 2], found.Where(c => c.Path == "busy").Select(c => c.Index).Order());
            Assert.Single(found.Where(c => c.Path == "busy").Select(c => c.Text.Split(' ')[0]).Distinct());
        }

        await stop.CancelAsync();
        await writing;
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WhatADeadWriterLeftIsInvisibleAndCleanedUp()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry entry = await corpus.WriteAsync("a", 0, "old");

        // What a killed process leaves: chunks, vectors, and the announcement of a writer that gives no sign of life.
        ManifestEntry half = await corpus.WriteAsync("a", 0, "half 0", "half 1");
        await corpus.Database.HashSetAsync(corpus.Keys.Manifest, "a", ManifestRecord.Encode(entry));
        await corpus.Database.KeyPersistAsync(corpus.Keys.Chunk(new ChunkRef(entry.Generation, "a", 0)));
        await corpus.Database.KeyPersistAsync(corpus.Keys.Words(entry.Generation, "a"));
        if (corpus.Store.Capabilities.HasVectorSets)
            await AddVectorAsync(corpus, new ChunkRef(entry.Generation, "a", 0));
        else
            await corpus.Database.KeyPersistAsync(corpus.Keys.Vectors((long)await corpus.Database.HashGetAsync(corpus.Keys.Meta, "epoch"), entry.Generation, "a"));
        await corpus.Database.StringIncrementAsync(corpus.Keys.Revision);
        var epoch = (long)await corpus.Database.HashGetAsync(corpus.Keys.Meta, "epoch");
        var announcement = new PendingRecord(
            PendingKind.Writing, epoch, half.Generation, ChunkLayout.Whole(half.Generation, 2), "dead", DateTimeOffset.UnixEpoch, "a");
        await corpus.Database.HashSetAsync(corpus.Keys.Pending, half.Generation, announcement.Encode());

        using TestCorpus another = await corpus.OpenAnotherAsync();
        Assert.Equal("old", Assert.Single(await another.SearchAsync(0)).Text);
        Assert.Equal(1, await another.Store.CleanUpAbandonedAsync(Cancellation));

        Assert.Equal("old", Assert.Single(await another.SearchAsync(0)).Text);
        Assert.Equal(0, await another.Store.CleanUpAbandonedAsync(Cancellation));
        await AssertEveryKeyIsAccountedForAsync(another);
    }

    [Fact]
    public async Task WriterThatLosesItsConnectionHalfWayIsCleanedUpAfter()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "old");
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(ConfigurationOptions.Parse(corpus.Connection.Configuration));
        using TestCorpus dying = await TestCorpus.OpenAsync(connection, corpus.Name, vectorMemoryBytes: VectorMemoryBytes);

        // The connection ends while the chunks are being read for sending. The first chunks are already on the server.
        long announced = 0;
        var chunks = new ObservedList<ChunkWrite>(
            TestCorpus.Chunks(0, [.. Enumerable.Range(0, 1000).Select(i => $"new {i}")]),
            position =>
            {
                if (position != 900 || announced > 0)
                    return;
                announced = corpus.Database.HashLength(corpus.Keys.Pending);
                if (announced > 0)
                    connection.Dispose();
            });
        await Assert.ThrowsAnyAsync<Exception>(() => dying.Store.WriteAsync(
            TestCorpus.Identity, "a", TestCorpus.HashOf("new"), 1, chunks, Cancellation));

        Assert.Equal(1, announced);
        Assert.Equal("old", Assert.Single(await corpus.SearchAsync(0)).Text);
        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));

        // A minute later, the writer's sign of life has expired.
        string writer = (await corpus.Database.HashGetAllAsync(corpus.Keys.Pending)).Single().Value.ToString().Split(' ')[5];
        Assert.True(await corpus.Database.KeyDeleteAsync(corpus.Keys.Writer(writer)));
        Assert.Equal(1, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        Assert.Equal("old", Assert.Single(await corpus.SearchAsync(0)).Text);
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WorkOfALivingWriterIsLeftAlone()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "a");
        var announcement = new PendingRecord(
            PendingKind.Writing, 1, 1000, ChunkLayout.Whole(1000, 2), "alive", TimeProvider.System.GetUtcNow(), "b");
        await corpus.Database.HashSetAsync(corpus.Keys.Pending, 1000, announcement.Encode());
        await corpus.Database.StringSetAsync(corpus.Keys.Writer("alive"), "1", TimeSpan.FromSeconds(60));

        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        await corpus.Database.KeyDeleteAsync(corpus.Keys.Writer("alive"));
        Assert.Equal(1, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
    }

    [Fact]
    public async Task SlowWriterWhoseWorkWasTakenForDeadWritesItAgain()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("other", 3, "other");
        int cleanUps = 0;

        // While the chunks are being read for sending, another process finds no sign of life of the writer.
        var chunks = new ObservedList<ChunkWrite>(
            TestCorpus.Chunks(0, [.. Enumerable.Range(0, 600).Select(i => $"new {i}")]),
            position =>
            {
                if (position != 599 || !IsAnnounced())
                    return;
                foreach (HashEntry field in corpus.Database.HashGetAll(corpus.Keys.Pending))
                {
                    string[] parts = field.Value.ToString().Split(' ');
                    parts[5] = "dead";
                    corpus.Database.HashSet(corpus.Keys.Pending, field.Name, string.Join(' ', parts));
                }

                cleanUps += another.Store.CleanUpAbandonedAsync(Cancellation).GetAwaiter().GetResult();
            });
        ManifestEntry? entry = await corpus.Store.WriteAsync(
            TestCorpus.Identity, "a", TestCorpus.HashOf("a"), 1, chunks, Cancellation);

        Assert.True(cleanUps > 0);
        Assert.Equal(entry, await corpus.Store.FindAsync("a", Cancellation));
        Assert.Equal(600, (await corpus.SearchAsync(0, topK: 700, minScore: -1)).Count(c => c.Path == "a"));

        bool IsAnnounced() => cleanUps == 0 && corpus.Database.HashLength(corpus.Keys.Pending) > 0;
    }

    private static async Task AddVectorAsync(TestCorpus corpus, ChunkRef chunk)
    {
        var epoch = (long)await corpus.Database.HashGetAsync(corpus.Keys.Meta, "epoch");
        byte[] blob = [.. TestCorpus.Direction(0).SelectMany(BitConverter.GetBytes)];
        List<object> arguments = [corpus.Keys.VectorSet(epoch), "FP32", blob, CorpusKeys.Element(chunk), "NOQUANT"];
        if (corpus.Store.Capabilities.IsGarnet)
            arguments.AddRange(["M", 32, "XDISTANCE_METRIC", "COSINE"]);
        await corpus.Database.ExecuteAsync("VADD", arguments);
    }
}
