using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>Records that are damaged, or that a newer release made, and the ways out.</summary>
public sealed class DamagedRecordTests
{
    private const string Newer = "9 something that a newer release writes";

    public static TheoryData<RedisVersion> Servers => [RedisVersion.V8, RedisVersion.V7];

    public static TheoryData<RedisVersion, string> Entries => new()
    {
        { RedisVersion.V8, Newer },
        { RedisVersion.V8, "" },
        { RedisVersion.V7, Newer },
        { RedisVersion.V7, "1 7 damaged" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task UnreadableEntryCostsItsDocumentAndIsLoggedOnce(RedisVersion version, string entry)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Manifest, "bad", entry);

        await AssertFindsAsync(damaged.Corpus, "good tide");
        await damaged.Corpus.WriteAsync("other", 4, "other");
        await AssertFindsAsync(damaged.Corpus, "good tide");

        Assert.Equal((2L, 2L), await CountAsync(damaged.Corpus));
        Assert.Equal(["good", "other"], (await ListAsync(damaged.Corpus)).Order(StringComparer.Ordinal));
        Assert.Null(await damaged.Corpus.Store.FindAsync("bad", Cancellation));
        Assert.Contains("'manifest entry of bad'", Assert.Single(damaged.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task DocumentWithAnUnreadableEntryIsRemoved(RedisVersion version, string entry)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Manifest, "bad", entry);

        Assert.True(await damaged.Corpus.Store.RemoveAsync("bad", Cancellation));

        Assert.False(await damaged.Corpus.Store.RemoveAsync("bad", Cancellation));
        await AssertFindsAsync(damaged.Corpus, "good tide");
        Assert.Equal(0, await damaged.Corpus.Database.HashLengthAsync(damaged.Corpus.Keys.Pending));
        Assert.Contains(damaged.Warnings, warning => warning.Contains("Chunks of 'bad' stay", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task DocumentWithAnUnreadableEntryIsAddedAgain(RedisVersion version, string entry)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Manifest, "bad", entry);

        await damaged.Corpus.WriteAsync("bad", 0, "mended tide");

        await AssertFindsAsync(damaged.Corpus, "good tide", "mended tide");
        Assert.Equal(0, await damaged.Corpus.Database.HashLengthAsync(damaged.Corpus.Keys.Pending));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task CorpusWithAnUnreadableEntryIsCleared(RedisVersion version, string entry)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Manifest, "bad", entry);

        await damaged.Corpus.Store.ClearAsync(Cancellation);

        await AssertFindsAsync(damaged.Corpus);
        Assert.Equal(0, await damaged.Corpus.Database.HashLengthAsync(damaged.Corpus.Keys.Pending));
        Assert.Equal(0, await damaged.Corpus.Store.CleanUpAbandonedAsync(Cancellation));
        Assert.DoesNotContain(await damaged.Corpus.KeysAsync(), key => key.Contains("good", StringComparison.Ordinal));
        await damaged.Corpus.WriteAsync("bad", 0, "mended tide");
        await AssertFindsAsync(damaged.Corpus, "mended tide");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task EpochOfACorpusWithAnUnreadableEntryIsCleanedUp(RedisVersion version)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Manifest, "bad", Newer);
        var abandoned = new PendingRecord(PendingKind.Cleared, 1000, 1000, ChunkLayout.Empty, "dead", DateTimeOffset.UnixEpoch, "");
        await damaged.Corpus.Database.HashSetAsync(damaged.Corpus.Keys.Pending, 1000, abandoned.Encode());

        Assert.Equal(1, await damaged.Corpus.Store.CleanUpAbandonedAsync(Cancellation));

        await AssertFindsAsync(damaged.Corpus, "good tide");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task UnreadableWordsCostTheirDocumentAndAreLoggedOnce(RedisVersion version)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        await DamageAsync(damaged.Corpus, damaged.Corpus.Keys.Words(damaged.Bad.Generation, "bad"));

        Assert.Equal(["good tide"], await FindAsync(damaged.Corpus, RetrievalMode.Lexical));
        await damaged.Corpus.WriteAsync("other", 4, "other");
        Assert.Equal(["good tide"], await FindAsync(damaged.Corpus, RetrievalMode.Lexical));
        Assert.Equal(["bad tide", "good tide"], await FindAsync(damaged.Corpus, RetrievalMode.Vector));

        Assert.Contains(":words:bad", Assert.Single(damaged.Warnings), StringComparison.Ordinal);
        Assert.True(await damaged.Corpus.Store.RemoveAsync("bad", Cancellation));
        await damaged.Corpus.WriteAsync("bad", 0, "mended tide");
        await AssertFindsAsync(damaged.Corpus, "good tide", "mended tide");
    }

    [Fact]
    public async Task UnreadableVectorsCostTheirDocumentAndAreWrittenAgainWhole()
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(RedisVersion.V7);
        var epoch = (long)await damaged.Corpus.Database.HashGetAsync(damaged.Corpus.Keys.Meta, "epoch");
        await DamageAsync(damaged.Corpus, damaged.Corpus.Keys.Vectors(epoch, damaged.Bad.Generation, "bad"));

        Assert.Equal(["good tide"], await FindAsync(damaged.Corpus, RetrievalMode.Vector));
        Assert.Contains(":vectors:bad", Assert.Single(damaged.Warnings), StringComparison.Ordinal);

        // A chunk whose vector is to be kept cannot be kept.
        Assert.Null(await damaged.Corpus.WriteOverAsync(damaged.Bad, 0, (0, "bad tide"), (null, "new tide")));
        await damaged.Corpus.WriteAsync("bad", 0, "bad tide", "new tide");
        Assert.Equal(["bad tide", "good tide", "new tide"], await FindAsync(damaged.Corpus, RetrievalMode.Vector));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task UnreadableAnnouncementIsSkippedAndTheOthersAreFinished(RedisVersion version)
    {
        await using Damaged damaged = await Damaged.OpenOrSkipAsync(version);
        var abandoned = new PendingRecord(
            PendingKind.Writing, 1, 1000, ChunkLayout.Whole(1000, 2), "dead", DateTimeOffset.UnixEpoch, "half");
        await damaged.Corpus.Database.HashSetAsync(
            damaged.Corpus.Keys.Pending, [new("900", Newer), new("no number", Newer), new("1000", abandoned.Encode())]);

        Assert.Equal(1, await damaged.Corpus.Store.CleanUpAbandonedAsync(Cancellation));

        RedisValue[] left = await damaged.Corpus.Database.HashKeysAsync(damaged.Corpus.Keys.Pending);
        Assert.Equal(["900", "no number"], left.Select(field => field.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, damaged.Warnings.Count(warning => warning.Contains("delete the field", StringComparison.Ordinal)));
        await AssertFindsAsync(damaged.Corpus, "bad tide", "good tide");
    }

    private static async Task DamageAsync(TestCorpus corpus, RedisKey key)
    {
        var record = (byte[])(await corpus.Database.StringGetAsync(key))!;
        record[^1] ^= 1;
        await corpus.Database.StringSetAsync(key, record);
    }

    private static async Task AssertFindsAsync(TestCorpus corpus, params string[] texts)
    {
        foreach (RetrievalMode mode in Enum.GetValues<RetrievalMode>())
        {
            Assert.Equal(texts, await FindAsync(corpus, mode));
        }
    }

    private static async Task<IEnumerable<string>> FindAsync(TestCorpus corpus, RetrievalMode mode) =>
        (await corpus.FindAsync(new RetrievalQuery("tide", TestCorpus.Direction(0), 5, 0.5f) { Mode = mode }))
            .Select(passage => passage.Text).Order(StringComparer.Ordinal);

    private static async Task<(long Documents, long Chunks)> CountAsync(TestCorpus corpus)
    {
        (long documents, long chunks, _) = await corpus.Store.CountAsync(Cancellation);
        return (documents, chunks);
    }

    private static async Task<List<string>> ListAsync(TestCorpus corpus)
    {
        var paths = new List<string>();
        await foreach (ManifestEntry entry in corpus.Store.ListAsync(Cancellation))
        {
            paths.Add(entry.Path);
        }

        return paths;
    }

    /// <summary>A corpus of two documents, opened again by a process that has read nothing of it yet.</summary>
    private sealed record Damaged(RedisServer Server, RedisConnectionSource Source, TestCorpus Corpus, ManifestEntry Bad, RecordingLog Log)
        : IAsyncDisposable
    {
        public IReadOnlyList<string> Warnings =>
            [.. Log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];

        public static async Task<Damaged> OpenOrSkipAsync(RedisVersion version)
        {
            RedisServer server = await RedisServer.StartOrSkipAsync(version);
            var source = new RedisConnectionSource(server.Configuration);
            IConnectionMultiplexer connection = await source.ConnectAsync(Cancellation);
            using TestCorpus before = await TestCorpus.OpenAsync(connection);
            await before.WriteAsync("good", 0, "good tide");
            ManifestEntry bad = await before.WriteAsync("bad", 0, "bad tide");
            var log = new RecordingLog();
            TestCorpus corpus = await TestCorpus.OpenAsync(connection, before.Name, logger: log.CreateLogger("store"));
            return new Damaged(server, source, corpus, bad, log);
        }

        public async ValueTask DisposeAsync()
        {
            Corpus.Dispose();
            await Source.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
