using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// Gives a corpus another embedding. The new vectors are written next to the old ones, under a new epoch. One transaction then makes that
/// epoch current. Before it, questions with the old embedding find everything. After it, questions with the new embedding do. Documents
/// that change meanwhile are embedded again.
/// </summary>
internal sealed partial class CorpusReembedder(
    CorpusHandle handle,
    RunningWork running,
    CorpusReader reader,
    CorpusCleaner cleaner,
    ManifestMirror manifest,
    Func<CorpusMeta, IVectorIndex> indexOf)
{
    // Maximum number of chunks embedded in one call.
    private const int EmbeddingBatch = 64;

    // No question has used these vectors, so they need not linger. The time is not zero, because a server may refuse to expire a key at
    // once.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>Embeds all chunks again.</summary>
    /// <param name="identity">The new embedding, and the tokenizer the corpus was made with.</param>
    /// <param name="embed">Embeds texts of documents.</param>
    /// <param name="textOf">Returns the text of a chunk that is to be embedded.</param>
    /// <param name="progress">Receives each embedded document, and the state of the manifest with all documents.</param>
    /// <param name="patiently">Repeats calls of the server during an outage. Each may be repeated although it had succeeded.</param>
    /// <param name="cancellationToken">Observed between batches. After a cancellation the corpus stays as it was.</param>
    public async Task RunAsync(
        IndexIdentity identity,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<float>>>> embed,
        Func<StoredChunk, string> textOf,
        Action<ManifestEntry, MirroredManifest> progress,
        Func<Func<Task>, Task> patiently,
        CancellationToken cancellationToken)
    {
        if (await handle.ReadMetaAsync().ConfigureAwait(false) is not { } old || old.Identity == identity)
            return;

        // Only the embedding changes. Tokens of another vocabulary are useless, whatever the vectors. The chunks stay as they are.
        identity = identity with { Chunker = old.Identity.Chunker };
        if (old.Identity == identity)
            return;
        old.Require(handle.Keys.Corpus, identity with { Embedding = old.Identity.Embedding, Dimensions = old.Identity.Dimensions });
        long epoch = await handle.TakeNumberAsync().ConfigureAwait(false);
        var work = new Work(
            old, new CorpusMeta(identity, handle.StorageFor(identity), epoch), Announcement(epoch).Encode(), embed, textOf, progress, patiently);
        using IDisposable begun = running.Begin(epoch);
        try
        {
            await Task.WhenAll(running.BeatAsync(), handle.Database.HashSetAsync(handle.Keys.Pending, epoch, work.Announced))
                .ConfigureAwait(false);
            await RunAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await GiveUpAsync(work).ConfigureAwait(false);
            throw;
        }

        await RemoveAsync(old.Epoch, Announcement(old.Epoch)).ConfigureAwait(false);
        handle.Learn(work.New.Encode());
    }

    private async Task RunAsync(Work work, CancellationToken cancellationToken)
    {
        for (int conflict = 0; conflict < MetaChange.MaxConflicts; conflict++)
        {
            MirroredManifest state = await PatientlyAsync(
                work, () => manifest.CatchUpAsync(work.Old, cancellationToken)).ConfigureAwait(false);
            await EmbedAsync(work, state, cancellationToken).ConfigureAwait(false);
            await work.Patiently(() => DropAsync(work, state, cancellationToken)).ConfigureAwait(false);
            await RequireAnnouncedAsync(work).ConfigureAwait(false);
            long vectorCount = work.Done.Values.Sum(done => (long)done.Vectors);
            if (!await PatientlyAsync(
                work, () => indexOf(work.New).HasAllAsync(work.New, [.. state.Entries.Values], vectorCount).AsTask()).ConfigureAwait(false))
            {
                throw Failed(
                    "the server has lost new vectors, perhaps because it was restarted or is short of memory",
                    "The corpus keeps its former embedding. Check the server, and try again.");
            }

            if (await TryFlipAsync(work, state).ConfigureAwait(false))
                return;

            // Changed documents only need another round. Another epoch means that another corpus has replaced this one.
            if (await PatientlyAsync(work, ReadEpochAsync).ConfigureAwait(false) != work.Old.Epoch)
                break;
        }

        throw Failed(
            "the corpus was cleared, re-embedded by another process, or kept changing", "Let no other process index it, and try again.");
    }

    private async Task EmbedAsync(Work work, MirroredManifest state, CancellationToken cancellationToken)
    {
        ManifestEntry[] missing =
            [.. state.Entries.Values.Where(entry => !entry.IsSameWrite(work.Done.GetValueOrDefault(entry.Path).Entry))];
        foreach (ManifestEntry[] batch in Batches(missing))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RequireAnnouncedAsync(work).ConfigureAwait(false);
            string tokenizer = work.Old.Identity.TokenizerFingerprint;
            StoredChunk?[][] chunks = await PatientlyAsync(
                work, () => Task.WhenAll(batch.Select(entry => reader.ReadDocumentAsync(tokenizer, entry, cancellationToken)))).ConfigureAwait(false);
            string[] texts = [.. chunks.SelectMany(document => document).OfType<StoredChunk>().Select(work.TextOf)];
            var vectors = new Queue<ReadOnlyMemory<float>>();
            foreach (string[] some in texts.Chunk(EmbeddingBatch))
            {
                foreach (ReadOnlyMemory<float> vector in await work.Embed(some, cancellationToken).ConfigureAwait(false))
                {
                    vectors.Enqueue(vector);
                }
            }

            // A chunk that is gone has no vector either. If its document was replaced, the next round embeds the new version.
            float[]?[][] units =
                [.. chunks.Select(document => document.Select(chunk => chunk is null ? null : UnitVector.From(vectors.Dequeue().Span)).ToArray())];
            await work.Patiently(() => AddAsync(work, batch, units, cancellationToken)).ConfigureAwait(false);
            foreach ((ManifestEntry entry, int count) in batch.Zip(units.Select(own => own.Count(vector => vector is not null))))
            {
                if (work.Done.TryGetValue(entry.Path, out (ManifestEntry Entry, int Vectors) replaced))
                    work.Replaced.Add(replaced.Entry);
                work.Done[entry.Path] = (entry, count);
                work.Progress(entry, state);
            }
        }
    }

    private async Task AddAsync(Work work, ManifestEntry[] batch, float[]?[][] vectors, CancellationToken cancellationToken)
    {
        var pipeline = new RedisPipeline(cancellationToken);
        for (int i = 0; i < batch.Length; i++)
        {
            await indexOf(work.New).AddAsync(pipeline, work.New, batch[i], vectors[i]).ConfigureAwait(false);
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
    }

    /// <summary>Removes the new vectors of documents that were replaced or removed after they were embedded.</summary>
    private async Task DropAsync(Work work, MirroredManifest state, CancellationToken cancellationToken)
    {
        foreach ((ManifestEntry gone, _) in work.Done.Values.Where(
            done => state.Entries.GetValueOrDefault(done.Entry.Path)?.Generation != done.Entry.Generation).ToArray())
        {
            work.Done.Remove(gone.Path);
            work.Replaced.Add(gone);
        }

        var pipeline = new RedisPipeline(cancellationToken);
        foreach (ManifestEntry entry in work.Replaced)
        {
            ChunkLayout kept = state.Entries.GetValueOrDefault(entry.Path)?.Layout ?? ChunkLayout.Empty;
            PendingRecord retired = Announcement(work.New.Epoch) with
            {
                Kind = PendingKind.Retired,
                Generation = entry.Generation,
                Chunks = entry.Layout.Without(kept),
                Path = entry.Path,
            };
            ChunkRef[] chunks = [.. retired.Chunks.Chunks.Select(chunk => new ChunkRef(chunk.Generation, entry.Path, chunk.First))];
            await indexOf(work.New).RemoveAsync(pipeline, retired, chunks, Linger).ConfigureAwait(false);
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
        work.Replaced.Clear();
    }

    /// <summary>
    /// Throws if the new vectors are not announced any more. Then a cleaner has removed those that were written before. It took this writer
    /// for dead, which was asleep or cut off from the server.
    /// </summary>
    private async Task RequireAnnouncedAsync(Work work)
    {
        RedisValue now = await PatientlyAsync(
            work, () => handle.Database.HashGetAsync(handle.Keys.Pending, work.New.Epoch, CommandFlags.DemandMaster)).ConfigureAwait(false);
        if (now != work.Announced)
        {
            throw Failed(
                "the new vectors were removed, because another process saw no sign of life of this one for a minute, or the server lost data",
                "The corpus keeps its former embedding. Keep this process running and connected, and try again.");
        }
    }

    private Errors.RedisInferException Failed(string why, string advice) => new(
        Errors.RedisInferErrorCode.StoreUnavailable,
        $"The corpus '{handle.Keys.Corpus}' could not be re-embedded: {why}. {advice}");

    /// <summary>Makes the new epoch current, if nothing has changed since its vectors were computed.</summary>
    private async Task<bool> TryFlipAsync(Work work, MirroredManifest state)
    {
        var change = new DocumentChange(handle, "");
        RedisValue token = await PatientlyAsync(work, change.BeginAsync).ConfigureAwait(false);
        await RequireAnnouncedAsync(work).ConfigureAwait(false);
        return await PatientlyAsync(work, () => TryFlipAsync(work, state, change, token)).ConfigureAwait(false);
    }

    private async Task<bool> TryFlipAsync(Work work, MirroredManifest state, DocumentChange change, RedisValue token)
    {
        // An earlier attempt may have succeeded, and its answer may be lost.
        if (await ReadEpochAsync().ConfigureAwait(false) == work.New.Epoch)
            return true;
        return await MetaChange.TryCommitAsync(handle, work.Old, work.New, state, transaction =>
        [
            change.Guard(transaction, token),
            transaction.HashDeleteAsync(handle.Keys.Pending, work.New.Epoch),
            transaction.HashSetAsync(handle.Keys.Pending, work.Old.Epoch, Announcement(work.Old.Epoch).Encode()),
        ]).ConfigureAwait(false);
    }

    private Task<RedisValue> ReadEpochAsync() =>
        handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField, CommandFlags.DemandMaster);

    private static Task<T> PatientlyAsync<T>(Work work, Func<Task<T>> call) => MetaChange.PatientlyAsync(work.Patiently, call);

    private static IEnumerable<ManifestEntry[]> Batches(IEnumerable<ManifestEntry> entries)
    {
        var batch = new List<ManifestEntry>();
        int chunks = 0;
        foreach (ManifestEntry entry in entries)
        {
            batch.Add(entry);
            chunks += entry.ChunkCount;
            if (chunks < EmbeddingBatch)
                continue;
            yield return [.. batch];
            batch.Clear();
            chunks = 0;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    private PendingRecord Announcement(long epoch) =>
        new(PendingKind.Cleared, epoch, epoch, ChunkLayout.Empty, handle.WriterId, handle.Time.GetUtcNow(), "");

    /// <summary>
    /// Removes the new vectors, also those that were written after a cleaner had removed the others and the announcement. They stay if they
    /// are current: the transaction may have succeeded, and its answer may be lost.
    /// </summary>
    private async Task GiveUpAsync(Work work)
    {
        PendingRecord givenUp = Announcement(work.New.Epoch) with { Path = CorpusCleaner.GivenUp };
        try
        {
            if (await cleaner.TryClaimAsync(work.New.Epoch, work.Announced, givenUp).ConfigureAwait(false))
            {
                // What is stored by document is found through the manifest. So remove those that are not in it any more first.
                MirroredManifest state = await manifest.CatchUpAsync(work.Old, CancellationToken.None).ConfigureAwait(false);
                await DropAsync(work, state, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await handle.Database.HashSetAsync(handle.Keys.Pending, work.New.Epoch, givenUp.Encode(), When.NotExists)
                    .ConfigureAwait(false);
            }

            await RemoveAsync(work.New.Epoch, givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            LogLeftBehind(handle.Logger, e, work.New.Epoch, handle.Keys.Corpus);
        }
    }

    /// <summary>Removes the vectors of an epoch. If that fails, the next indexing run does it.</summary>
    private async Task RemoveAsync(long epoch, PendingRecord announcement)
    {
        try
        {
            await cleaner.FinishAsync(epoch, announcement, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            LogLeftBehind(handle.Logger, e, epoch, handle.Keys.Corpus);
        }
    }

    [LoggerMessage(
        EventId = 200, Level = LogLevel.Warning,
        Message = "The vectors of epoch {Epoch} of corpus '{Corpus}' could not be removed now. The next indexing run removes them.")]
    private static partial void LogLeftBehind(ILogger logger, Exception exception, long epoch, string corpus);

    private sealed record Work(
        CorpusMeta Old,
        CorpusMeta New,
        string Announced,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<float>>>> Embed,
        Func<StoredChunk, string> TextOf,
        Action<ManifestEntry, MirroredManifest> Progress,
        Func<Func<Task>, Task> Patiently)
    {
        /// <summary>The embedded documents, by path, and the number of their vectors.</summary>
        public Dictionary<string, (ManifestEntry Entry, int Vectors)> Done { get; } = [];

        /// <summary>Embedded versions of documents that are not current any more.</summary>
        public List<ManifestEntry> Replaced { get; } = [];
    }
}
