using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// Finishes announced work: removes generations that are not current any more, or never were. Every step may run twice. So two cleaners, or
/// a cleaner and a slow writer, do no harm to each other.
/// </summary>
internal sealed partial class CorpusCleaner(
    CorpusHandle handle, RunningWork running, WordIndex words, Func<VectorStorage, IVectorIndex> indexOf)
{
    // Running questions may still read the chunks of a generation that was just replaced.
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(5);

    /// <summary>Stored instead of a path. It tells an epoch that is being removed from one that may become current.</summary>
    public const string GivenUp = "given up";

    private const int ScanPage = 256;
    private const int MaxClaimConflicts = 32;

    // Generations that this process may have left without an announcement.
    private readonly ConcurrentQueue<PendingRecord> _later = new();

    /// <summary>Finishes the work of dead writers, and work that this store has given up or lost track of.</summary>
    /// <returns>The number of finished announcements.</returns>
    public async Task<int> CleanUpAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int finished = await RemoveLeftBehindAsync(cancellationToken).ConfigureAwait(false);
        HashEntry[] pending = Answers.Fields(await handle.Database.HashGetAllAsync(handle.Keys.Pending).ConfigureAwait(false));
        if (pending.Length == 0)
            return finished;

        (long Generation, string Announcement, PendingRecord Record)[] all =
            [.. pending.SelectMany(Decode).Where(work => !running.Contains(work.Generation))];
        HashSet<string> living = await FindLivingAsync(all.Select(work => work.Record.Writer), cancellationToken).ConfigureAwait(false);
        foreach ((long generation, string announcement, PendingRecord record) in all)
        {
            if (living.Contains(record.Writer))
                continue;

            // Claim half-written work first. From then on its writer cannot make it current, even if the writer was only asleep.
            PendingRecord claim = record;
            if (record.Kind != PendingKind.Retired)
            {
                claim = record with { Writer = handle.WriterId, Path = record.Kind == PendingKind.Cleared ? GivenUp : record.Path };
                if (record.Kind == PendingKind.Writing)
                    claim = claim with { Kind = PendingKind.Retired };
                if (!await TryClaimAsync(generation, announcement, claim).ConfigureAwait(false))
                    continue;
            }

            await FinishAsync(generation, claim, cancellationToken).ConfigureAwait(false);
            finished++;
        }

        return finished;
    }

    /// <summary>Turns an announced write into work to remove. False: the announcement has changed or is gone.</summary>
    public async Task<bool> TryClaimAsync(long generation, string announcement, PendingRecord claim)
    {
        var change = new DocumentChange(handle, claim.Kind == PendingKind.Cleared ? "" : claim.Path);
        for (int conflict = 0; conflict < MaxClaimConflicts; conflict++)
        {
            Task<RedisValue> tokenRead = change.BeginAsync();
            Task<RedisValue> nowRead = handle.Database.HashGetAsync(handle.Keys.Pending, generation, CommandFlags.DemandMaster);
            await Task.WhenAll(tokenRead, nowRead).ConfigureAwait(false);
            if (await nowRead.ConfigureAwait(false) != announcement)
                return false;

            ITransaction transaction = handle.Database.CreateTransaction();
            Task[] commands =
            [
                change.Guard(transaction, await tokenRead.ConfigureAwait(false)),
                transaction.HashSetAsync(handle.Keys.Pending, generation, claim.Encode()),
            ];
            if (await transaction.ExecuteAsync().ConfigureAwait(false))
            {
                await Task.WhenAll(commands).ConfigureAwait(false);
                return true;
            }

            await handle.BackOffAsync(conflict, CancellationToken.None).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>
    /// Removes what the announcement names, then the announcement. If it is not announced like this any more, nothing is removed. A server
    /// that lost its last writes may be back where these chunks are current, and their successor is announced under this number.
    /// </summary>
    public async Task FinishAsync(long generation, PendingRecord work, CancellationToken cancellationToken)
    {
        ConnectedServers servers = handle.ConnectedServers;
        if (work.Kind == PendingKind.Cleared)
            await RemoveClearedAsync(work.Epoch, cancellationToken).ConfigureAwait(false);
        else if (await IsAnnouncedAsync(generation, work).ConfigureAwait(false))
            await RemoveChunksAsync(work, cancellationToken).ConfigureAwait(false);
        else
            return;
        await handle.Database.HashDeleteAsync(handle.Keys.Pending, generation).ConfigureAwait(false);

        // One server may have removed the chunks and lost that, and another the announcement.
        if (work.Kind != PendingKind.Cleared && handle.ConnectedServers != servers)
            RemoveLater(work);
    }

    /// <summary>Remembers a generation that may be stored without an announcement. The next <see cref="CleanUpAsync"/> removes it.</summary>
    public void RemoveLater(PendingRecord retired) => _later.Enqueue(retired);

    /// <summary>
    /// Removes a generation whose announcement is gone. A cleaner took its writer for dead, and the writer has stored more since then.
    /// Or the server has lost the announcement. Or the transaction succeeded and its answer was lost: then the generation is current, or it was
    /// current and was replaced.
    /// </summary>
    public async Task RemoveUnannouncedAsync(PendingRecord retired)
    {
        RedisValue record = await handle.Database.HashGetAsync(handle.Keys.Manifest, retired.Path, CommandFlags.DemandMaster)
            .ConfigureAwait(false);
        ManifestEntry? current = record.IsNull ? null : handle.DecodeEntry(retired.Path, record);

        // An entry that cannot be read may be of this generation: leave everything.
        if (current?.Generation == retired.Generation || (current is null && !record.IsNull))
            return;

        // The version that replaced it may have kept chunks of it. No later version can keep others.
        retired = retired with { Chunks = retired.Chunks.Without(current?.Layout ?? ChunkLayout.Empty) };
        RedisValue number = retired.Generation;
        if (await handle.Database.HashSetAsync(handle.Keys.Pending, number, retired.Encode(), When.NotExists).ConfigureAwait(false))
            await FinishAsync(retired.Generation, retired, CancellationToken.None).ConfigureAwait(false);
        else
            await RemoveChunksAsync(retired, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Removes a generation, or some chunks of it, and leaves the announcement.</summary>
    public async Task RemoveChunksAsync(PendingRecord work, CancellationToken cancellationToken)
    {
        ChunkRef[] chunks = [.. work.Chunks.Chunks.Select(chunk => new ChunkRef(chunk.Generation, work.Path, chunk.First))];
        var pipeline = new RedisPipeline(cancellationToken);

        // The announcement does not name the vector storage. It is that of the epoch, and a re-created corpus may have another. So the
        // removal goes to both storages, if the server supports both. A storage that holds none of these vectors ignores it.
        foreach (VectorStorage storage in Storages())
        {
            await indexOf(storage).RemoveAsync(pipeline, work, chunks, Linger).ConfigureAwait(false);
        }

        await words.RemoveAsync(pipeline, work.Generation, work.Path, Linger).ConfigureAwait(false);
        foreach (ChunkRef chunk in chunks)
        {
            await pipeline.AddAsync(handle.Database.KeyExpireAsync(handle.Keys.Chunk(chunk), Linger)).ConfigureAwait(false);
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
    }

    private async Task<int> RemoveLeftBehindAsync(CancellationToken cancellationToken)
    {
        int removed = 0;
        for (int left = _later.Count; left > 0 && _later.TryDequeue(out PendingRecord? retired); left--)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RemoveUnannouncedAsync(retired).ConfigureAwait(false);
                removed++;
            }
            catch
            {
                RemoveLater(retired);
                throw;
            }
        }

        return removed;
    }

    private async Task<bool> IsAnnouncedAsync(long generation, PendingRecord work)
    {
        RedisValue now = await handle.Database.HashGetAsync(handle.Keys.Pending, generation, CommandFlags.DemandMaster).ConfigureAwait(false);
        return !now.IsNull && Decode(new HashEntry(generation, now)).Any(known => known.Record.Encode() == work.Encode());
    }

    private async Task RemoveClearedAsync(long epoch, CancellationToken cancellationToken)
    {
        // A re-embedding announces its new epoch as cleared, in case it fails. This one succeeded, so its epoch is current.
        if (await handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField).ConfigureAwait(false) == epoch)
            return;

        RedisKey cleared = handle.Keys.Cleared(epoch);
        var pipeline = new RedisPipeline(cancellationToken);
        await pipeline.AddAsync(handle.Database.KeyDeleteAsync(handle.Keys.VectorSet(epoch))).ConfigureAwait(false);
        await foreach (HashEntry field in handle.Database.HashScanAsync(cleared, pageSize: ScanPage).ConfigureAwait(false))
        {
            if (handle.DecodeEntry(field) is not { } entry)
            {
                handle.ReportLeftOver(field.Name.ToString());
                continue;
            }

            await pipeline.AddAsync(handle.Database.KeyDeleteAsync(handle.Keys.Vectors(epoch, entry.Generation, entry.Path)))
                .ConfigureAwait(false);
            await pipeline.AddAsync(handle.Database.KeyDeleteAsync(handle.Keys.Words(entry.Generation, entry.Path)))
                .ConfigureAwait(false);
            foreach (ChunkRun chunk in entry.Layout.Chunks)
            {
                RedisKey key = handle.Keys.Chunk(new ChunkRef(chunk.Generation, entry.Path, chunk.First));
                await pipeline.AddAsync(handle.Database.KeyDeleteAsync(key)).ConfigureAwait(false);
            }
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
        await handle.Database.KeyDeleteAsync(cleared).ConfigureAwait(false);
        await RemoveOtherVectorsAsync(epoch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes an epoch's vectors by document if the documents are still indexed. Such an epoch was replaced by a re-embedding, or its own
    /// re-embedding was never finished.
    /// </summary>
    private async Task RemoveOtherVectorsAsync(long epoch, CancellationToken cancellationToken)
    {
        var pipeline = new RedisPipeline(cancellationToken);
        await foreach (HashEntry field in handle.Database.HashScanAsync(handle.Keys.Manifest, pageSize: ScanPage).ConfigureAwait(false))
        {
            if (handle.DecodeEntry(field) is not { } entry)
                continue;
            await pipeline.AddAsync(handle.Database.KeyExpireAsync(handle.Keys.Vectors(epoch, entry.Generation, entry.Path), Linger))
                .ConfigureAwait(false);
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
    }

    private IEnumerable<VectorStorage> Storages() => handle.Capabilities.HasVectorSets
        ? [VectorStorage.VectorSet, VectorStorage.Documents]
        : [VectorStorage.Documents];

    private async Task<HashSet<string>> FindLivingAsync(IEnumerable<string> writers, CancellationToken cancellationToken)
    {
        var pipeline = new RedisPipeline(cancellationToken);
        var answers = new List<(string Writer, Task<bool> Lives)>();
        foreach (string writer in writers.Distinct().Where(writer => writer != handle.WriterId))
        {
            Task<bool> lives = handle.Database.KeyExistsAsync(handle.Keys.Writer(writer));
            answers.Add((writer, lives));
            await pipeline.AddAsync(lives).ConfigureAwait(false);
        }

        await pipeline.DrainAsync().ConfigureAwait(false);
        var living = new HashSet<string>();
        foreach ((string writer, Task<bool> lives) in answers)
        {
            if (await lives.ConfigureAwait(false))
                living.Add(writer);
        }

        return living;
    }

    /// <summary>One announcement; none if it cannot be read. It waits for the newer release that made it.</summary>
    private IEnumerable<(long Generation, string Announcement, PendingRecord Record)> Decode(HashEntry field)
    {
        try
        {
            if (!long.TryParse(field.Name.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long generation))
                throw RecordHeader.Corrupt($"pending {field.Name}", "its field name is not a number");
            string announcement = field.Value.ToString();
            return [(generation, announcement, PendingRecord.Decode(generation, announcement))];
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StateCorrupt)
        {
            LogUnreadable(handle.Logger, field.Name.ToString(), handle.Keys.Pending.ToString());
            return [];
        }
    }

    [LoggerMessage(
        EventId = 230, Level = LogLevel.Warning,
        Message = "Skipped announced work '{Field}', which this release cannot read. If no newer release indexes the corpus, delete the "
            + "field from the hash '{Key}'.")]
    private static partial void LogUnreadable(ILogger logger, string field, string key);
}
