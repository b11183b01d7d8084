using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>
/// A server that comes back without its last writes: after a crash between two snapshots, or after a restart without any. A process that
/// saw those writes still runs.
/// </summary>
public sealed class LostWritesTests
{
    private const long ManyVectorBytes = 1 << 20;

    public static TheoryData<RedisVersion, long> Servers => new()
    {
        { RedisVersion.V8, ManyVectorBytes },
        { RedisVersion.V8, 0 },
        { RedisVersion.V7, ManyVectorBytes },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task LostDocumentsAreNotFoundAndTheOthersAre(RedisVersion version, long vectorMemoryBytes)
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(version);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync(), vectorMemoryBytes: vectorMemoryBytes);
        await corpus.WriteAsync("kept", 0, "kept tide");
        await crash.SaveAsync();
        await corpus.WriteAsync("kept", 0, "lost tide");
        await corpus.WriteAsync("lost", 0, "lost tide too");
        await AssertFindsAsync(corpus, "lost tide", "lost tide too");

        await crash.CrashAsync();

        await AssertFindsAsync(corpus, "kept tide");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task AsManyChangesAsWereLostAreSeenByAProcessThatSawTheLostOnes(RedisVersion version, long vectorMemoryBytes)
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(version);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync(), vectorMemoryBytes: vectorMemoryBytes);
        using TestCorpus asked = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("kept", 0, "kept tide");
        await crash.SaveAsync();
        ManifestEntry lostA = await corpus.WriteAsync("a", 0, "lost tide a");
        ManifestEntry lostB = await corpus.WriteAsync("b", 0, "lost tide b");
        await AssertFindsAsync(asked, "kept tide", "lost tide a", "lost tide b");

        await crash.CrashAsync();
        ManifestEntry newB = await corpus.WriteAsync("b", 0, "new tide b");
        ManifestEntry newA = await corpus.WriteAsync("a", 0, "new tide a");

        Assert.Distinct([lostA.Generation, lostB.Generation, newA.Generation, newB.Generation]);
        await AssertFindsAsync(asked, "kept tide", "new tide a", "new tide b");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task DocumentGetsAnotherNumberThanItsLostVersionAndIsFoundByItsNewText(RedisVersion version, long vectorMemoryBytes)
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(version);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync(), vectorMemoryBytes: vectorMemoryBytes);
        using TestCorpus asked = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("kept", 4, "kept");
        await crash.SaveAsync();
        ManifestEntry lost = await corpus.WriteAsync("a", 1, "lantern");
        Assert.Equal("lantern", Assert.Single(await asked.FindAsync(Query("lantern", RetrievalMode.Lexical, minScore: -1))).Text);
        Assert.Empty(await asked.FindAsync(Query("tide", RetrievalMode.Lexical, minScore: -1)));

        await crash.CrashAsync();
        ManifestEntry current = await corpus.WriteAsync("a", 0, "tide");

        Assert.NotEqual(lost.Generation, current.Generation);
        Assert.Empty(await asked.FindAsync(Query("lantern", RetrievalMode.Lexical, minScore: -1)));
        await AssertFindsAsync(asked, "tide");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ServerThatComesBackEmptyAndIsFilledAsBeforeIsReadAgain(RedisVersion version, long vectorMemoryBytes)
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(version);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync(), vectorMemoryBytes: vectorMemoryBytes);
        using TestCorpus asked = await corpus.OpenAnotherAsync();
        await corpus.WriteAsync("a", 0, "lost tide a");
        await corpus.WriteAsync("b", 0, "lost tide b");
        await AssertFindsAsync(asked, "lost tide a", "lost tide b");

        await crash.CrashAsync();
        await corpus.WriteAsync("b", 0, "new tide b");
        await corpus.WriteAsync("a", 0, "new tide a");

        await AssertFindsAsync(asked, "new tide a", "new tide b");
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task ServerThatComesBackEmptyAndGetsAnotherEmbeddingIsRefused(RedisVersion version, long vectorMemoryBytes)
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(version);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync(), vectorMemoryBytes: vectorMemoryBytes);
        using TestCorpus another = await corpus.OpenAnotherAsync();
        await corpus.Store.CheckIdentityAsync(TestCorpus.Identity, Cancellation);
        await corpus.WriteAsync("a", 0, "tide");
        await AssertFindsAsync(corpus, "tide");

        await crash.CrashAsync();
        IndexIdentity other = TestCorpus.Identity with { Embedding = "bert/9" };
        await another.Store.WriteAsync(other, "a", TestCorpus.HashOf("a"), 1, TestCorpus.Chunks(0, "tide"), Cancellation);

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.SearchAsync(0));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
    }

    [Fact]
    public async Task ChunksWhoseReplacementWasLostAreNotRemoved()
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(RedisVersion.V8);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync());
        ManifestEntry current = await corpus.WriteAsync("a", 0, "tide");
        using var parts = new CleanerParts(corpus);
        CorpusCleaner cleaner = parts.Cleaner;

        // The writer has replaced the document, as far as it knows. The server is back where the replacement is still being written.
        PendingRecord writing = new(PendingKind.Writing, 1, 2, ChunkLayout.Whole(2, 1), "writer", DateTimeOffset.UnixEpoch, "a");
        await corpus.Database.HashSetAsync(corpus.Keys.Pending, 2, writing.Encode());
        PendingRecord retired = writing with { Kind = PendingKind.Retired, Generation = current.Generation, Chunks = current.Layout };
        await cleaner.FinishAsync(2, retired, Cancellation);

        Assert.Null(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(current.ChunkAt(0))));
        Assert.Null(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Words(current.Generation, "a")));
        Assert.Equal(writing.Encode(), await corpus.Database.HashGetAsync(corpus.Keys.Pending, 2));

        await corpus.Database.HashSetAsync(corpus.Keys.Pending, 2, retired.Encode());
        await cleaner.FinishAsync(2, retired, Cancellation);
        Assert.NotNull(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(current.ChunkAt(0))));
        Assert.False(await corpus.Database.HashExistsAsync(corpus.Keys.Pending, 2));
    }

    [Fact]
    public async Task WhatMayHaveBeenLeftWithoutAnAnnouncementIsRemovedByTheNextCleanUp()
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(RedisVersion.V8);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await crash.ConnectAsync());
        ManifestEntry current = await corpus.WriteAsync("a", 0, "tide");
        using var parts = new CleanerParts(corpus);
        CorpusCleaner cleaner = parts.Cleaner;
        var orphan = new ChunkRef(7, "a", 0);
        await corpus.Database.StringSetAsync(corpus.Keys.Chunk(orphan), "left");
        PendingRecord retired = new(PendingKind.Retired, 1, 7, ChunkLayout.Whole(7, 1), parts.WriterId, DateTimeOffset.UnixEpoch, "a");

        cleaner.RemoveLater(retired);
        cleaner.RemoveLater(retired with { Generation = current.Generation, Chunks = current.Layout });
        await cleaner.CleanUpAsync(Cancellation);

        Assert.NotNull(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(orphan)));
        Assert.Null(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(current.ChunkAt(0))));
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        Assert.Equal(0, await cleaner.CleanUpAsync(Cancellation));
    }

    [Fact]
    public async Task RestartBetweenTwoCommandsIsNoticed()
    {
        await using var crash = await CrashingServer.StartOrSkipAsync(RedisVersion.V8);
        IConnectionMultiplexer connection = await crash.ConnectAsync();
        ConnectedServers before = ConnectedServers.Of(connection);
        await connection.GetDatabase().PingAsync();
        Assert.Equal(before, ConnectedServers.Of(connection));

        await crash.CrashAsync();

        Assert.NotEqual(before, ConnectedServers.Of(connection));
    }

    /// <summary>Questions of every kind find exactly these texts about the tide.</summary>
    private static async Task AssertFindsAsync(TestCorpus corpus, params string[] texts)
    {
        foreach (RetrievalMode mode in Enum.GetValues<RetrievalMode>())
        {
            IReadOnlyList<Passage> found = await corpus.FindAsync(Query("tide", mode));
            Assert.Equal(texts, found.Select(passage => passage.Text).Order(StringComparer.Ordinal));
        }
    }

    private static RetrievalQuery Query(string question, RetrievalMode mode, float minScore = 0.5f) =>
        new(question, TestCorpus.Direction(0), 5, minScore) { Mode = mode };

    /// <summary>A cleaner of a corpus, apart from those of its stores.</summary>
    private sealed class CleanerParts : IDisposable
    {
        private readonly ManifestMirror _manifest;
        private readonly WordIndex _words;

        public CleanerParts(TestCorpus corpus)
        {
            var handle = new CorpusHandle(
                corpus.Connection, corpus.Keys, corpus.Store.Capabilities, TimeProvider.System, NullLogger.Instance);
            _manifest = new ManifestMirror(handle);
            _words = new WordIndex(handle, _manifest);
            Cleaner = new CorpusCleaner(handle, new RunningWork(handle), _words, _ => new NoVectorIndex());
            WriterId = handle.WriterId;
        }

        public CorpusCleaner Cleaner { get; }

        public string WriterId { get; }

        public void Dispose()
        {
            _words.Dispose();
            _manifest.Dispose();
        }
    }

    /// <summary>A server that writes to disk only when a test says so.</summary>
    private sealed class CrashingServer(RedisServer server, TempFolder data) : IAsyncDisposable
    {
        private readonly RedisConnectionSource _source = new(server.Configuration);
        private RedisServer _server = server;

        public static async Task<CrashingServer> StartOrSkipAsync(RedisVersion version)
        {
            var data = new TempFolder();
            return new CrashingServer(
                await RedisServer.StartOrSkipAsync(version, new RedisServerOptions { DataDirectory = data.Path }), data);
        }

        public async Task<IConnectionMultiplexer> ConnectAsync() => await _source.ConnectAsync(Cancellation);

        public async Task SaveAsync() => await (await ConnectAsync()).GetDatabase().ExecuteAsync("SAVE");

        /// <summary>Kills the server, and starts it again from what it saved last.</summary>
        public async Task CrashAsync()
        {
            int port = _server.Port;
            RedisVersion version = _server.Version;
            await _server.DisposeAsync();
            var options = new RedisServerOptions { DataDirectory = data.Path, Port = port };
            _server = await RedisServer.StartAsync(version, options, Cancellation);
            IDatabase database = (await ConnectAsync()).GetDatabase();
            while (!await AnswersAsync(database))
            {
                await Task.Delay(20, Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _source.DisposeAsync();
            await _server.DisposeAsync();
            data.Dispose();
        }

        private static async Task<bool> AnswersAsync(IDatabase database)
        {
            try
            {
                await database.PingAsync();
                return true;
            }
            catch (Exception e) when (RedisErrors.IsRedis(e))
            {
                return false;
            }
        }
    }
}
