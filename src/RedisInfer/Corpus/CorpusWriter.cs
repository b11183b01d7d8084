using System.Globalization;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// The writing half of a store. A write has five steps:
/// <list type="number">
/// <item>take a number, the generation;</item>
/// <item>announce it;</item>
/// <item>write chunks and vectors under it;</item>
/// <item>make it current in a transaction;</item>
/// <item>retire the previous generation.</item>
/// </list>
/// Everything that a dead writer leaves is announced, so <see cref="CorpusCleaner"/> finds it.
/// </summary>
internal sealed partial class CorpusWriter(
    CorpusHandle handle, CorpusCleaner cleaner, WordIndex words, Func<CorpusMeta, IVectorIndex> indexOf) : IDisposable
{
    // A write starts again if the corpus was cleared meanwhile. This many restarts in a row mean that something is wrong.
    private const int MaxRestarts = 5;
    private const int MaxConflicts = 64;
    private const int MaxBackoffMs = 50;

    // A transaction watches whole hashes. Writers in this process take turns, so only other processes can cause conflicts.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes a document; <see langword="null"/> if chunks of it were to be kept, and the document has changed since.</summary>
    public async Task<ManifestEntry?> WriteAsync(NewDocument document, CancellationToken cancellationToken)
    {
        for (int restart = 0; restart < MaxRestarts; restart++)
        {
            (ManifestEntry? entry, bool isBaseGone) = await TryWriteAsync(document, cancellationToken).ConfigureAwait(false);
            if (entry is not null || isBaseGone)
                return entry;
        }

        throw TooManyConflicts(document.Path);
    }

    public async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<RedisValue> recordRead = handle.Database.HashGetAsync(handle.Keys.Manifest, path);
            Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField);
            await Task.WhenAll(recordRead, epochRead).ConfigureAwait(false);
            RedisValue record = await recordRead.ConfigureAwait(false);
            RedisValue epoch = await epochRead.ConfigureAwait(false);
            if (record.IsNull)
                return false;

            await cleaner.BeatAsync().ConfigureAwait(false);
            ManifestEntry? entry = handle.DecodeEntry(path, record);
            long number = await handle.Database.StringIncrementAsync(handle.Keys.Generation).ConfigureAwait(false);
            PendingRecord retired = Announce(
                PendingKind.Retired, (long)epoch, entry?.Generation ?? number, entry?.Layout ?? ChunkLayout.Empty, path);
            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, epoch));
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Manifest, path, record));
            handle.Active[number] = true;
            try
            {
                Task[] commands =
                [
                    transaction.HashDeleteAsync(handle.Keys.Manifest, path),
                    transaction.HashSetAsync(handle.Keys.Pending, number, retired.Encode()),
                    handle.RaiseRevisionAsync(transaction),
                ];
                if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
                {
                    if (entry is null)
                        handle.ReportLeftOver(path);
                    await RetireAsync(number, retired).ConfigureAwait(false);
                    return true;
                }
            }
            finally
            {
                handle.Active.TryRemove(number, out _);
            }

            await BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
        }

        throw TooManyConflicts(path);
    }

    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField);
            Task<bool> manifestRead = handle.Database.KeyExistsAsync(handle.Keys.Manifest);
            await Task.WhenAll(epochRead, manifestRead).ConfigureAwait(false);
            RedisValue epochField = await epochRead.ConfigureAwait(false);
            bool hasManifest = await manifestRead.ConfigureAwait(false);
            if (epochField.IsNull)
                return;

            await cleaner.BeatAsync().ConfigureAwait(false);
            var epoch = (long)epochField;
            PendingRecord cleared = Announce(PendingKind.Cleared, epoch, epoch, ChunkLayout.Empty, "");
            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, epoch));
            transaction.AddCondition(
                hasManifest ? Condition.KeyExists(handle.Keys.Manifest) : Condition.KeyNotExists(handle.Keys.Manifest));
            var commands = new List<Task>
            {
                transaction.KeyDeleteAsync(handle.Keys.Meta),
                transaction.HashSetAsync(handle.Keys.Pending, epoch, cleared.Encode()),
                handle.RaiseRevisionAsync(transaction),
            };
            if (hasManifest)
                commands.Add(transaction.KeyRenameAsync(handle.Keys.Manifest, handle.Keys.Cleared(epoch)));
            handle.Active[epoch] = true;
            try
            {
                if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
                {
                    handle.Learn([]);
                    await cleaner.FinishAsync(epoch, cleared, CancellationToken.None).ConfigureAwait(false);
                    return;
                }
            }
            finally
            {
                handle.Active.TryRemove(epoch, out _);
            }

            await BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
        }

        throw TooManyConflicts("the whole corpus");
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// One attempt. Returns no entry
    /// <list type="bullet">
    /// <item>if the corpus was cleared,</item>
    /// <item>if a cleaner took this writer for dead, or</item>
    /// <item>if the version whose chunks are to be kept was replaced.</item>
    /// </list>
    /// </summary>
    private async Task<(ManifestEntry? Entry, bool IsBaseGone)> TryWriteAsync(NewDocument document, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<long> numberTaken = handle.Database.StringIncrementAsync(handle.Keys.Generation);
        Task<HashEntry[]> metaRead = handle.Database.HashGetAllAsync(handle.Keys.Meta);
        Task<RedisValue> beforeRead = handle.Database.HashGetAsync(handle.Keys.Manifest, document.Path);
        await Task.WhenAll(numberTaken, metaRead, beforeRead, cleaner.BeatAsync()).ConfigureAwait(false);
        CorpusMeta? known = handle.Learn(await metaRead.ConfigureAwait(false));
        CorpusMeta meta = known?.Identity == document.Identity
            ? known
            : await CreateMetaAsync(document.Identity, cancellationToken).ConfigureAwait(false);

        long generation = await numberTaken.ConfigureAwait(false);
        RedisValue before = await beforeRead.ConfigureAwait(false);
        if (!IsBase(document, before))
            return (null, true);
        ManifestEntry entry = document.ToEntry(generation, handle.Time.GetUtcNow());
        ChunkLayout written = ChunkLayout.Whole(generation, entry.ChunkCount);
        string announcement = Announce(PendingKind.Writing, meta.Epoch, generation, written, document.Path).Encode();
        var flip = new Flip(meta.Epoch, announcement, document, entry);
        handle.Active[generation] = true;
        try
        {
            bool isBaseGone = !await WriteChunksAsync(document, meta, entry, announcement, cancellationToken).ConfigureAwait(false);
            if (!isBaseGone && await TryFlipAsync(flip, before, cancellationToken).ConfigureAwait(false))
                return (entry, false);
            await GiveUpAsync(flip).ConfigureAwait(false);
            return (null, isBaseGone);
        }
        catch
        {
            await GiveUpAsync(flip).ConfigureAwait(false);
            throw;
        }
        finally
        {
            handle.Active.TryRemove(generation, out _);
        }
    }

    /// <summary>Whether the current version is still the expected one. If no chunk of it is kept, any version is.</summary>
    private bool IsBase(NewDocument document, RedisValue current) => document.Base is null
        || (!current.IsNull && document.Base.IsSameWrite(handle.DecodeEntry(document.Path, current)));

    /// <summary>Writes everything that a generation does not keep from the previous one. False: something to be kept is gone.</summary>
    private async Task<bool> WriteChunksAsync(
        NewDocument document, CorpusMeta meta, ManifestEntry entry, string announcement, CancellationToken cancellationToken)
    {
        long generation = entry.Generation;

        // The announcement is sent first on the same connection, so the server gets it first. Nothing is stored without an announcement.
        var pipeline = new RedisPipeline(cancellationToken);
        await pipeline.AddAsync(handle.Database.HashSetAsync(handle.Keys.Pending, generation, announcement)).ConfigureAwait(false);
        foreach (ChunkWrite write in document.Chunks.Where(write => write.Kept is null))
        {
            var chunk = new ChunkRef(generation, document.Path, write.Chunk.Index);
            byte[] record = ChunkRecord.Encode(
                CorpusKeys.Element(chunk), meta.Identity.TokenizerFingerprint, write.Chunk, write.Tokens.Span);
            await pipeline.AddAsync(handle.Database.StringSetAsync(handle.Keys.Chunk(chunk), record), record.Length)
                .ConfigureAwait(false);
            await pipeline.AddAsync(cleaner.BeatAsync()).ConfigureAwait(false);
        }

        ChunkWords[] chunkWords = [.. document.Chunks.Select(write => new ChunkWords(write.Chunk.Index, write.Words))];
        await words.AddAsync(pipeline, generation, document.Path, chunkWords).ConfigureAwait(false);
        float[]?[] vectors = [.. document.UnitVectors];
        bool isComplete = document.Base is not { } before
            || await indexOf(meta).TryKeepAsync(
                meta, before, [.. document.Chunks.Select(write => write.Kept?.Position)], vectors).ConfigureAwait(false);
        if (isComplete)
            await indexOf(meta).AddAsync(pipeline, meta, entry, vectors).ConfigureAwait(false);
        await pipeline.DrainAsync().ConfigureAwait(false);
        return isComplete;
    }

    /// <summary>Makes a written generation current. False: its epoch, its announcement, or the version that it builds on is gone.</summary>
    private async Task<bool> TryFlipAsync(Flip flip, RedisValue before, CancellationToken cancellationToken)
    {
        RedisKey manifest = handle.Keys.Manifest;
        string path = flip.Entry.Path;
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, flip.Epoch));
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Pending, flip.Entry.Generation, flip.Announcement));
            transaction.AddCondition(
                before.IsNull ? Condition.HashNotExists(manifest, path) : Condition.HashEqual(manifest, path, before));

            // The removed chunks of the previous version are announced instead of the write. They never return to the manifest.
            ManifestEntry? replaced = before.IsNull ? null : handle.DecodeEntry(path, before);
            PendingRecord? retired = replaced is null
                ? null
                : Announce(PendingKind.Retired, flip.Epoch, replaced.Generation, replaced.Layout.Without(flip.Entry.Layout), path);
            Task[] commands =
            [
                transaction.HashSetAsync(manifest, path, ManifestRecord.Encode(flip.Entry)),
                retired is null
                    ? transaction.HashDeleteAsync(handle.Keys.Pending, flip.Entry.Generation)
                    : transaction.HashSetAsync(handle.Keys.Pending, flip.Entry.Generation, retired.Encode()),
                handle.RaiseRevisionAsync(transaction),
            ];
            if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
            {
                if (retired is not null)
                    await RetireAsync(flip.Entry.Generation, retired).ConfigureAwait(false);
                else if (!before.IsNull)
                    handle.ReportLeftOver(path);
                return true;
            }

            Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField);
            Task<RedisValue> announcementRead = handle.Database.HashGetAsync(handle.Keys.Pending, flip.Entry.Generation);
            Task<RedisValue> currentRead = handle.Database.HashGetAsync(manifest, path);
            await Task.WhenAll(epochRead, announcementRead, currentRead).ConfigureAwait(false);
            if (await epochRead.ConfigureAwait(false) != flip.Epoch
                || await announcementRead.ConfigureAwait(false) != flip.Announcement)
            {
                return false;
            }

            before = await currentRead.ConfigureAwait(false);
            if (!IsBase(flip.Document, before))
                return false;
            await BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
        }

        throw TooManyConflicts(path);
    }

    /// <summary>Stores what the corpus is made with: at its first write, or if it is empty and was made with something else.</summary>
    private async Task<CorpusMeta> CreateMetaAsync(IndexIdentity identity, CancellationToken cancellationToken)
    {
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<HashEntry[]> metaRead = handle.Database.HashGetAllAsync(handle.Keys.Meta);
            Task<bool> manifestRead = handle.Database.KeyExistsAsync(handle.Keys.Manifest);
            Task<long> epochTaken = handle.Database.StringIncrementAsync(handle.Keys.Generation);
            await Task.WhenAll(metaRead, manifestRead, epochTaken).ConfigureAwait(false);
            CorpusMeta? existing = handle.Learn(await metaRead.ConfigureAwait(false));
            if (existing?.Identity == identity)
                return existing;
            if (await manifestRead.ConfigureAwait(false))
                existing?.Require(handle.Keys.Corpus, identity);

            var meta = new CorpusMeta(identity, handle.StorageFor(identity), await epochTaken.ConfigureAwait(false));
            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(existing is null
                ? Condition.KeyNotExists(handle.Keys.Meta)
                : Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, existing.Epoch));
            transaction.AddCondition(Condition.KeyNotExists(handle.Keys.Manifest));
            var commands = new List<Task>
            {
                transaction.HashSetAsync(handle.Keys.Meta, meta.Encode()),
                handle.RaiseRevisionAsync(transaction),
            };
            PendingRecord? cleared = existing is null ? null : Announce(PendingKind.Cleared, existing.Epoch, existing.Epoch, ChunkLayout.Empty, "");
            if (cleared is not null)
                commands.Add(transaction.HashSetAsync(handle.Keys.Pending, existing!.Epoch, cleared.Encode()));
            if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
            {
                if (cleared is not null)
                    await RetireAsync(existing!.Epoch, cleared).ConfigureAwait(false);
                handle.Learn(meta.Encode());
                return meta;
            }

            await BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
        }

        throw TooManyConflicts("the corpus' meta record");
    }

    private async Task<bool> CommitAsync(ITransaction transaction, IReadOnlyList<Task> commands, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!await transaction.ExecuteAsync().ConfigureAwait(false))
                return false;
        }
        catch (RedisServerException)
        {
            // For the transaction, the server reports only that it was discarded. The error of the refused command gives the reason.
            if (commands.FirstOrDefault(command => command.IsFaulted) is { } refused)
                await refused.ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }

        await Task.WhenAll(commands).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes a generation that will never be current. If that fails, the next indexing run does it.</summary>
    private async Task GiveUpAsync(Flip flip)
    {
        long generation = flip.Entry.Generation;
        PendingRecord retired = Announce(
            PendingKind.Retired, flip.Epoch, generation, ChunkLayout.Whole(generation, flip.Entry.ChunkCount), flip.Entry.Path);
        try
        {
            // Remove it only if it is still announced: after a time-out the transaction may have succeeded.
            if (await cleaner.TryClaimAsync(generation, flip.Announcement, retired).ConfigureAwait(false))
                await cleaner.FinishAsync(generation, retired, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            LogLeftBehind(handle.Logger, e, flip.Entry.Path, generation);
        }
    }

    /// <summary>Removes a generation that was current. The write itself has succeeded, so a failure here is only logged.</summary>
    private async Task RetireAsync(long number, PendingRecord retired)
    {
        try
        {
            await cleaner.FinishAsync(number, retired, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            LogLeftBehind(handle.Logger, e, retired.Path, retired.Generation);
        }
    }

    private PendingRecord Announce(PendingKind kind, long epoch, long generation, ChunkLayout chunks, string path) =>
        new(kind, epoch, generation, chunks, handle.WriterId, handle.Time.GetUtcNow(), path);

    private Task BackOffAsync(int conflict, CancellationToken cancellationToken)
    {
        int mostMs = Math.Min(1 << Math.Min(conflict, 16), MaxBackoffMs);
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(mostMs + 1)), handle.Time, cancellationToken);
    }

    private RedisInferException TooManyConflicts(string what) => new(
        RedisInferErrorCode.StoreUnavailable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Other writers interfered {MaxConflicts} times while changing {what} in corpus '{handle.Keys.Corpus}'. Let fewer processes ")
        + "index the same corpus at once, and try again. If there are no other writers, give this user the rights that "
        + "docs/REDIS_FORMAT.md lists: the client reports a refused condition as one that is not met.");

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Generation {Generation} of '{Path}' could not be removed now. The next indexing run removes it.")]
    private static partial void LogLeftBehind(ILogger logger, Exception exception, string path, long generation);

    /// <summary>What is needed to make a written generation current.</summary>
    private sealed record Flip(long Epoch, string Announcement, NewDocument Document, ManifestEntry Entry);
}
