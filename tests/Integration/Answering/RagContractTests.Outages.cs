using Microsoft.Extensions.AI;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Inference;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A store or an embedding service that is away for some time in the middle of indexing.</summary>
public abstract partial class RagContractTests
{
    [Fact]
    public async Task EveryWaitForTheStoreIsInTheProgress()
    {
        IDatabase database = (await Server.Connection.ConnectAsync(TestEnds)).GetDatabase();
        RedisKey counter = new CorpusKeys(Corpus).Generation;
        await database.StringSetAsync(counter, "no number, so that every write fails");
        var time = new SkippingTime(waits =>
        {
            if (waits == 3)
                database.KeyDelete(counter);
        });
        await using RagRuntime runtime = StartWith(new RagComponents { TimeProvider = time });
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["a.md"], "The rope is new.", TestEnds);
        var reports = new List<IndexingProgress>();

        await runtime.Index.SyncDirectoryAsync(folder.Path, null, new DirectProgress(reports.Add), TestEnds).CountAsync(TestEnds);

        IndexingRetry[] retries = [.. reports.Select(report => report.Retry).OfType<IndexingRetry>()];
        Assert.Equal([1, 2, 3], retries.Select(retry => retry.Attempt));
        Assert.Equal([1, 2, 4], retries.Select(retry => (int)retry.Wait.TotalSeconds));
        Assert.All(retries, retry => Assert.Equal(5, retry.MaxAttempts));
        Assert.All(retries, retry => Assert.Contains("failed while writing", retry.Problem, StringComparison.Ordinal));
        Assert.All(reports.SkipLast(1), report => Assert.Equal((0, 1), (report.FilesDone, report.FilesTotal)));
        Assert.Null(reports[^1].Retry);
        Assert.Equal((1, "a.md"), (reports[^1].FilesDone, reports[^1].CurrentPath));
    }

    [Fact]
    public async Task EmbeddingServiceThatIsAwayForAWhileIsWaitedFor()
    {
        using var embedding = new SwitchedEmbedding();
        var time = new SkippingTime(waits => embedding.IsAway = embedding.IsAway && waits < 4);
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding, TimeProvider = time });
        await runtime.Index.AddAsync(new RagDocument("first.md", "The sail is white."), TestEnds);
        embedding.IsAway = true;

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(Ropes(20).ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        Assert.All(indexed, document => Assert.Equal(IndexingStatus.Added, document.Status));
        Assert.Equal(20, indexed.Count);
        Assert.InRange(time.Skipped.Count, 4, 8);
    }

    [Fact]
    public async Task EmbeddingServiceThatStaysAwayEndsTheRunAfterSomeAttempts()
    {
        using var embedding = new SwitchedEmbedding();
        var time = new SkippingTime();
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding, TimeProvider = time });
        await runtime.Index.AddAsync(new RagDocument("first.md", "The sail is white."), TestEnds);
        embedding.IsAway = true;
        int before = embedding.Calls;
        var reported = new List<IndexedDocument>();

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(async () =>
        {
            await foreach (IndexedDocument document in runtime.Index.AddAsync(Ropes(100).ToAsyncEnumerable(), TestEnds))
            {
                reported.Add(document);
            }
        });

        Assert.Equal(RedisInferErrorCode.EmbeddingUnavailable, e.Code);
        Assert.Contains("The service has left the port.", e.Message, StringComparison.Ordinal);
        Assert.Empty(reported);

        // Four documents are under way at once. Each calls at most seven times.
        Assert.InRange(embedding.Calls - before, 7, 28);
        await Assert.ThrowsAsync<HttpRequestException>(() => runtime.Index.AddAsync(Ropes(1)[0], TestEnds));
    }

    [Fact]
    public async Task DocumentThatCrashesTheEmbeddingServiceFailsAlone()
    {
        using var embedding = new SwitchedEmbedding { Crashes = "hemlock" };
        var time = new SkippingTime(_ => embedding.IsAway = false);
        await using RagRuntime runtime = StartWith(new RagComponents { EmbeddingGenerator = embedding, TimeProvider = time });
        RagDocument[] documents = [.. Ropes(5), new("crash.md", "The hold is full of hemlock."), .. Ropes(10).Skip(5)];

        List<IndexedDocument> indexed = await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).ToListAsync(TestEnds);

        IndexedDocument failed = Assert.Single(indexed, document => document.Status != IndexingStatus.Added);
        Assert.Equal(("crash.md", IndexingStatus.Failed), (failed.Path, failed.Status));
        Assert.Contains("The service has left the port.", failed.SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReembeddingOutlivesAnOutageOfStoreAndService()
    {
        await using (RagRuntime before = Start())
        {
            await before.Index.AddAsync(Ropes(200).ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);
        }

        IDatabase database = (await Server.Connection.ConnectAsync(TestEnds)).GetDatabase();
        var keys = new CorpusKeys(Corpus);
        RedisKey hidden = keys.Pending.ToString() + "-hidden";
        using var embedding = new SwitchedEmbedding();
        embedding.Called += calls =>
        {
            if (calls == 2)
                Hide();
            embedding.IsAway |= calls == 4;
        };
        var time = new SkippingTime(waits =>
        {
            if (waits == 2)
                Show();
            embedding.IsAway = embedding.IsAway && waits < 5;
        });
        await using RagRuntime after = StartWith(new RagComponents { EmbeddingGenerator = embedding, TimeProvider = time });
        var reports = new List<IndexingProgress>();

        await after.Index.ReembedAsync(new DirectProgress(reports.Add), TestEnds);

        Assert.True(time.Skipped.Count >= 5);
        Assert.Equal(time.Skipped.Count, reports.Count(report => report.Retry is not null));
        Assert.Equal((200, 200), (reports[^1].FilesDone, reports[^1].FilesTotal));
        var request = new RagRequest("The rope 17 is new.") { Retrieval = RetrievalMode.Vector };
        Assert.Equal("17.md", (await after.Index.SearchAsync(request, TestEnds))[0].Path);

        void Hide()
        {
            database.KeyRename(keys.Pending, hidden);
            database.StringSet(keys.Pending, "no hash, so that no announcement can be read");
        }

        void Show() => database.KeyRename(hidden, keys.Pending);
    }

    private static RagDocument[] Ropes(int count) => [.. Enumerable.Range(0, count).Select(i => new RagDocument($"{i}.md", $"The rope {i} is new."))];

    /// <summary>An embedding service that can be away, and that a word may crash.</summary>
    private sealed class SwitchedEmbedding() : DelegatingEmbeddingGenerator<string, Embedding<float>>(new HashedWordsEmbedding(1024))
    {
        private int _calls;

        public event Action<int>? Called;

        public bool IsAway { get; set; }

        public string? Crashes { get; init; }

        public int Calls => _calls;

        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            int calls = Interlocked.Increment(ref _calls);
            Called?.Invoke(calls);
            string[] texts = [.. values];
            IsAway |= Crashes is not null && texts.Any(text => text.Contains(Crashes, StringComparison.Ordinal));
            return IsAway
                ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(new HttpRequestException("The service has left the port."))
                : base.GenerateAsync(texts, options, cancellationToken);
        }
    }
}
