using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>
/// Runs operations on the documents of a corpus, on several at once and by two writers, and asks questions all the time.
/// For each document, an answer must have exactly the chunks of some instant between question and answer.
/// </summary>
internal sealed class SnapshotRun(IConnectionMultiplexer connection, long vectorMemoryBytes)
{
    public const int Documents = 5;

    // More than one batch of commands, so that the first commands are on the server when the writer dies.
    private const int HalfWrittenChunks = 300;
    private const int DeathAtChunk = 280;
    private const int MostChunks = 6;

    private readonly DocumentHistory[] _histories = [.. Enumerable.Range(0, Documents).Select(_ => new DocumentHistory())];

    // A cleaner takes a writer for dead a minute after its last sign of life. No minute passes here, so no cleanup runs during a death.
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private long _clock;
    private int _texts;

    /// <summary>Number of documents that were changing while a question was answered, over all runs.</summary>
    public static int QuestionsAmidChanges { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Blocks until all operations are done. Throws if an answer is wrong, or if anything is left over on the server.</summary>
    public void Do(IReadOnlyList<SnapshotOperation> operations) => Task.Run(() => DoAsync(operations)).GetAwaiter().GetResult();

    private async Task DoAsync(IReadOnlyList<SnapshotOperation> operations)
    {
        using TestCorpus first = await TestCorpus.OpenAsync(connection, vectorMemoryBytes: vectorMemoryBytes);
        using TestCorpus second = await first.OpenAnotherAsync();
        using TestCorpus asked = await first.OpenAnotherAsync();
        await first.WriteAsync("elsewhere", 4, "elsewhere");
        Task changing = Task.WhenAll(operations.GroupBy(operation => operation.Document).Select(
            group => ChangeAsync(group.Key % 2 == 0 ? first : second, group)));
        Task asking = Task.WhenAll(
            Enumerable.Range(0, 2).Select(asker => AskAsync(asker == 0 ? asked : first, (RetrievalMode)asker, changing)));
        await Task.WhenAll(changing, asking);

        // Simulates the next indexing run, a minute later.
        await CleanUpAsync(second);
        await AskOnceAsync(asked, RetrievalMode.Hybrid);
        Assert.Equal(0, await first.Database.HashLengthAsync(first.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(first);
        await first.Store.ClearAsync(Cancellation);
    }

    private async Task ChangeAsync(TestCorpus writer, IEnumerable<SnapshotOperation> operations)
    {
        foreach (SnapshotOperation operation in operations)
        {
            await Task.Run(() => ChangeAsync(writer, operation), Cancellation);
        }
    }

    private async Task ChangeAsync(TestCorpus writer, SnapshotOperation operation)
    {
        DocumentHistory history = _histories[operation.Document];
        string path = $"d{operation.Document}";
        switch (operation.Kind)
        {
            case SnapshotOperationKind.Write:
                string[] texts = [.. Enumerable.Range(0, 1 + (operation.Number % MostChunks)).Select(_ => NewText(path))];
                await BecomeAsync(history, texts, () => writer.WriteAsync(path, 0, texts));
                break;
            case SnapshotOperationKind.Change when history.Chunks.Length > 0:
                ManifestEntry before = (await writer.Store.FindAsync(path, Cancellation))!;
                (int? Kept, string Text)[] chunks = [.. Choose(history.Chunks, path, operation.Number)];
                await BecomeAsync(history, [.. chunks.Select(chunk => chunk.Text)], () => writer.WriteOverAsync(before, 0, chunks));
                break;
            case SnapshotOperationKind.Remove:
                await BecomeAsync(history, [], () => writer.Store.RemoveAsync(path, Cancellation));
                break;
            case SnapshotOperationKind.Die:
                await AloneAsync(() => DieAsync(writer, path));
                break;
            default:
                await AloneAsync(() => CleanUpAsync(writer));
                break;
        }
    }

    private async Task BecomeAsync(DocumentHistory history, string[] chunks, Func<Task> change)
    {
        history.Begin(chunks, Interlocked.Increment(ref _clock));
        await change();
        history.End(Interlocked.Increment(ref _clock));
    }

    /// <summary>Keeps some of the chunks, in another order, and adds new ones between them.</summary>
    private IEnumerable<(int? Kept, string Text)> Choose(string[] chunks, string path, int number)
    {
        var random = new Random(number);
        int[] kept = [.. Enumerable.Range(0, chunks.Length).Where(_ => random.Next(3) > 0)];
        random.Shuffle(kept);
        foreach (int position in kept)
        {
            if (random.Next(3) == 0)
                yield return (null, NewText(path));
            yield return (position, chunks[position]);
        }

        if (kept.Length == 0)
            yield return (null, NewText(path));
    }

    private string NewText(string path) => $"tide of {path} number {Interlocked.Increment(ref _texts)}";

    private async Task AloneAsync(Func<Task> action)
    {
        await _oneAtATime.WaitAsync(Cancellation);
        try
        {
            await action();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Simulates a killed process: its connection ends when the server has a part of what it writes.</summary>
    private static async Task DieAsync(TestCorpus corpus, string path)
    {
        ConnectionMultiplexer own = await ConnectionMultiplexer.ConnectAsync(ConfigurationOptions.Parse(corpus.Connection.Configuration));
        using TestCorpus dying = await TestCorpus.OpenAsync(own, corpus.Name);
        bool isDead = false;
        var chunks = new ObservedList<ChunkWrite>(
            TestCorpus.Chunks(0, [.. Enumerable.Range(0, HalfWrittenChunks).Select(i => $"tide half {i}")]),
            position =>
            {
                if (position != DeathAtChunk || isDead || !corpus.Database.HashGetAll(corpus.Keys.Pending).Any(IsHalf))
                    return;
                isDead = true;
                own.Dispose();
            });
        await Assert.ThrowsAnyAsync<Exception>(
            () => dying.Store.WriteAsync(TestCorpus.Identity, path, TestCorpus.HashOf("half"), 1, chunks, Cancellation));
        Assert.True(isDead);

        // Commands that were already sent still arrive.
        RedisKey[] keys = [.. (await corpus.Database.HashGetAllAsync(corpus.Keys.Pending)).Where(IsHalf).SelectMany(field => ChunkKeys(corpus, path, (long)field.Name))];
        for (long before = -1, now = 0; before != now;)
        {
            await Task.Delay(20, Cancellation);
            (before, now) = (now, await corpus.Database.KeyExistsAsync(keys));
        }
    }

    private static IEnumerable<RedisKey> ChunkKeys(TestCorpus corpus, string path, long generation) =>
        Enumerable.Range(0, HalfWrittenChunks).Select(chunk => corpus.Keys.Chunk(new ChunkRef(generation, path, chunk)));

    private static bool IsHalf(HashEntry field) => PendingRecord.Decode((long)field.Name, field.Value.ToString()).Chunks.Chunks.Count() == HalfWrittenChunks;

    /// <summary>Deletes the signs of life of dead writers, then cleans up after these writers.</summary>
    private static async Task CleanUpAsync(TestCorpus corpus)
    {
        foreach (HashEntry field in (await corpus.Database.HashGetAllAsync(corpus.Keys.Pending)).Where(IsHalf))
        {
            await corpus.Database.KeyDeleteAsync(corpus.Keys.Writer(PendingRecord.Decode((long)field.Name, field.Value.ToString()).Writer));
        }

        await corpus.Store.CleanUpAbandonedAsync(Cancellation);
    }

    private async Task AskAsync(TestCorpus corpus, RetrievalMode mode, Task changing)
    {
        while (!changing.IsCompleted)
        {
            await AskOnceAsync(corpus, mode);
            mode = (RetrievalMode)(((int)mode + 1) % 3);
        }
    }

    private async Task AskOnceAsync(TestCorpus corpus, RetrievalMode mode)
    {
        long asked = Interlocked.Increment(ref _clock);
        IReadOnlyList<Passage> found = await corpus.FindAsync(
            new RetrievalQuery("tide", TestCorpus.Direction(0), 2 * Documents * MostChunks, 0.5f) { Mode = mode });
        long answered = Interlocked.Increment(ref _clock);
        for (int document = 0; document < Documents; document++)
        {
            string[] passages = [.. found.Where(chunk => chunk.Path == $"d{document}").OrderBy(chunk => chunk.Index).Select(chunk => chunk.Text)];
            string[][] possible = _histories[document].Between(asked, answered);
            Assert.True(
                possible.Any(chunks => chunks.SequenceEqual(passages)),
                $"{mode}: d{document} was [{string.Join("] or [", possible.Select(chunks => string.Join(", ", chunks)))}], and the answer has "
                + $"[{string.Join(", ", passages)}].");
            if (possible.Length > 1)
                QuestionsAmidChanges++;
        }
    }
}
