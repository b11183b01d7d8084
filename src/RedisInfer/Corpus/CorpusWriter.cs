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
    CorpusHandle handle, RunningWork running, CorpusCleaner cleaner, WordIndex words, Func<CorpusMeta, IVectorIndex> indexOf) : IDisposable
{
    // A write starts again if the corpus was cleared meanwhile. This many restarts in a row mean that something is wrong.
    private const int MaxRestarts = 5;
    private const int MaxConflicts = 64;

    // Keys that one command looks for.
    private const int ExistsBatch = 512;

    // Writers in this process take turns, so only other processes can cause conflicts.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes a document; <see langword="null"/> if the document was to be as before, and has changed since.</summary>
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
        var change = new DocumentChange(handle, path);
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await handle.Database.HashExistsAsync(handle.Keys.Manifest, path, CommandFlags.DemandMaster).ConfigureAwait(false))
                return false;

            Task<RedisValue> tokenRead = change.BeginAsync();
            Task<RedisValue> recordRead = handle.Database.HashGetAsync(handle.Keys.Manifest, path, CommandFlags.DemandMaster);
            Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField, CommandFlags.DemandMaster);
            Task<long> numberTaken = handle.TakeNumberAsync();
            await Task.WhenAll(tokenRead, recordRead, epochRead, numberTaken, running.BeatAsync()).ConfigureAwait(false);
            RedisValue record = await recordRead.ConfigureAwait(false);
            RedisValue epoch = await epochRead.ConfigureAwait(false);
            if (record.IsNull)
                return false;

            ManifestEntry? entry = handle.DecodeEntry(path, record);
            long number = await numberTaken.ConfigureAwait(false);
            PendingRecord retired = Announce(
                PendingKind.Retired, (long)epoch, entry?.Generation ?? number, entry?.Layout ?? ChunkLayout.Empty, path);
            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, epoch));
            using IDisposable work = running.Begin(number);
            Task[] commands =
            [
                change.Guard(transaction, await tokenRead.ConfigureAwait(false)),
                transaction.HashDeleteAsync(handle.Keys.Manifest, path),
                transaction.HashSetAsync(handle.Keys.Pending, number, retired.Encode()),
                ManifestChanges.NoteAsync(transaction, handle.Keys, path),
            ];
            if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
            {
                if (entry is null)
                    handle.ReportLeftOver(path);
                await RetireAsync(number, retired).ConfigureAwait(false);
                return true;
            }

            await handle.BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
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

            await running.BeatAsync().ConfigureAwait(false);
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
                ManifestChanges.NoteAsync(transaction, handle.Keys, null),
            };
            if (hasManifest)
                commands.Add(transaction.KeyRenameAsync(handle.Keys.Manifest, handle.Keys.Cleared(epoch)));
            using IDisposable work = running.Begin(epoch);
            if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
            {
                handle.Learn([]);
                await cleaner.FinishAsync(epoch, cleared, CancellationToken.None).ConfigureAwait(false);
                return;
            }

            await handle.BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
        }

        throw TooManyConflicts("the whole corpus");
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>
    /// One attempt. Returns no entry
    /// <list type="bullet">
    /// <item>if the corpus was cleared,</item>
    /// <item>if a cleaner took this writer for dead,</item>
    /// <item>if the server has lost something of the write, or</item>
    /// <item>if the version whose chunks are to be kept was replaced.</item>
    /// </list>
    /// </summary>
    private async Task<(ManifestEntry? Entry, bool IsBaseGone)> TryWriteAsync(NewDocument document, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task<long> numberTaken = handle.TakeNumberAsync();
        Task<HashEntry[]> metaRead = handle.Database.HashGetAllAsync(handle.Keys.Meta);
        Task<RedisValue> beforeRead = handle.Database.HashGetAsync(handle.Keys.Manifest, document.Path);
        await Task.WhenAll(numberTaken, metaRead, beforeRead, running.BeatAsync()).ConfigureAwait(false);
        CorpusMeta? known = handle.Learn(await metaRead.ConfigureAwait(false));
        CorpusMeta meta = known?.Identity == document.Identity
            ? known
            : await CreateMetaAsync(document.Identity, cancellationToken).ConfigureAwait(false);

        long generation = await numberTaken.ConfigureAwait(false);
        float[]?[] vectors = [.. document.UnitVectors];
        if (!IsBase(document, await beforeRead.ConfigureAwait(false)) || !await TryKeepAsync(document, meta, vectors).ConfigureAwait(false))
            return (null, true);
        ManifestEntry entry = document.ToEntry(generation, handle.Time.GetUtcNow());
        ChunkLayout written = ChunkLayout.Whole(generation, entry.ChunkCount);
        string announcement = Announce(PendingKind.Writing, meta.Epoch, generation, written, document.Path).Encode();
        var flip = new Flip(meta, announcement, document, entry, vectors);
        using IDisposable work = running.Begin(generation);
        try
        {
            // Nothing is stored that is not announced, so wait until the server has accepted the announcement. A full server could refuse
            // it and accept chunks after it.
            await handle.Database.HashSetAsync(handle.Keys.Pending, generation, announcement).ConfigureAwait(false);
            var pipeline = new RedisPipeline(cancellationToken);
            await WriteChunksAsync(pipeline, document, meta, entry, vectors).ConfigureAwait(false);
            if (await TryFlipAsync(flip, pipeline, cancellationToken).ConfigureAwait(false))
                return (entry, false);
            await GiveUpAsync(flip).ConfigureAwait(false);
            return (null, false);
        }
        catch
        {
            await GiveUpAsync(flip).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether the current version is still the expected one. If no chunk of it is kept, any version is.</summary>
    private bool IsBase(NewDocument document, RedisValue current) => document.Base is null
        || (!current.IsNull && document.Base.IsSameWrite(handle.DecodeEntry(document.Path, current)));

    /// <summary>Whether the vectors of all chunks that are kept are there. Fills in those that are written again.</summary>
    private async ValueTask<bool> TryKeepAsync(NewDocument document, CorpusMeta meta, float[]?[] vectors) =>
        document.Base is not { } before || document.Chunks.All(write => write.Kept is null)
        || await indexOf(meta).TryKeepAsync(
            meta, before, [.. document.Chunks.Select(write => write.Kept?.Position)], vectors).ConfigureAwait(false);

    /// <summary>Sends everything that a generation does not keep from the previous one.</summary>
    private async Task WriteChunksAsync(
        RedisPipeline pipeline, NewDocument document, CorpusMeta meta, ManifestEntry entry, float[]?[] vectors)
    {
        long generation = entry.Generation;
        foreach (ChunkWrite write in document.Chunks.Where(write => write.Kept is null))
        {
            var chunk = new ChunkRef(generation, document.Path, write.Chunk.Index);
            byte[] record = ChunkRecord.Encode(
                CorpusKeys.Element(chunk), meta.Identity.TokenizerFingerprint, write.Chunk, write.Tokens.Span);
            await pipeline.AddAsync(handle.Database.StringSetAsync(handle.Keys.Chunk(chunk), record), record.Length)
                .ConfigureAwait(false);
        }

        ChunkWords[] chunkWords = [.. document.Chunks.Select(write => new ChunkWords(write.Chunk.Index, write.Words))];
        await words.AddAsync(pipeline, generation, document.Path, chunkWords).ConfigureAwait(false);
        await indexOf(meta).AddAsync(pipeline, meta, entry, vectors).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether everything that a generation does not keep is stored. A server that was restarted in the middle of a write, or a replica that
    /// took its place, may lack the first part of it. If the client was just between two commands, none of them has failed.
    /// </summary>
    private async Task<bool> IsStoredAsync(Flip flip)
    {
        ManifestEntry entry = flip.Entry;
        ValueTask<bool> vectors = indexOf(flip.Meta).HasAddedAsync(flip.Meta, entry, flip.Vectors);
        IEnumerable<RedisKey> keys = flip.Document.Chunks.Where(write => write.Kept is null)
            .Select(write => handle.Keys.Chunk(new ChunkRef(entry.Generation, entry.Path, write.Chunk.Index)))
            .Append(handle.Keys.Words(entry.Generation, entry.Path));
        bool isStored = true;
        foreach (RedisKey[] batch in keys.Chunk(ExistsBatch))
        {
            isStored &= await handle.Database.KeyExistsAsync(batch, CommandFlags.DemandMaster).ConfigureAwait(false) == batch.Length;
        }

        isStored &= await vectors.ConfigureAwait(false);
        if (!isStored)
            LogLost(handle.Logger, entry.Path, handle.Keys.Corpus);
        return isStored;
    }

    /// <summary>
    /// Makes a written generation current. False: its epoch, its announcement, the version that it builds on, or a part of it is gone.
    /// </summary>
    /// <param name="flip">The generation.</param>
    /// <param name="pipeline">All of it that was sent.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    private async Task<bool> TryFlipAsync(Flip flip, RedisPipeline pipeline, CancellationToken cancellationToken)
    {
        RedisKey manifest = handle.Keys.Manifest;
        string path = flip.Entry.Path;
        var change = new DocumentChange(handle, path);
        for (int conflict = 0; conflict < MaxConflicts; conflict++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task<RedisValue> tokenRead = change.BeginAsync();
            Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField, CommandFlags.DemandMaster);
            Task<RedisValue> announcementRead =
                handle.Database.HashGetAsync(handle.Keys.Pending, flip.Entry.Generation, CommandFlags.DemandMaster);
            Task<RedisValue> beforeRead = handle.Database.HashGetAsync(manifest, path, CommandFlags.DemandMaster);

            // A server that loses writes after this check loses the token too, or has the whole generation.
            Task<bool> storedRead = IsStoredAsync(flip);
            await Task.WhenAll(pipeline.DrainAsync().AsTask(), tokenRead, epochRead, announcementRead, beforeRead, storedRead).ConfigureAwait(false);
            RedisValue before = await beforeRead.ConfigureAwait(false);
            if (await epochRead.ConfigureAwait(false) != flip.Epoch
                || await announcementRead.ConfigureAwait(false) != flip.Announcement
                || !IsBase(flip.Document, before)
                || !await storedRead.ConfigureAwait(false))
            {
                return false;
            }

            ITransaction transaction = handle.Database.CreateTransaction();
            transaction.AddCondition(Condition.HashEqual(handle.Keys.Meta, CorpusMeta.EpochField, flip.Epoch));

            // The removed chunks of the previous version are announced instead of the write. They never return to the manifest.
            ManifestEntry? replaced = before.IsNull ? null : handle.DecodeEntry(path, before);
            PendingRecord? retired = replaced is null
                ? null
                : Announce(PendingKind.Retired, flip.Epoch, replaced.Generation, replaced.Layout.Without(flip.Entry.Layout), path);
            Task[] commands =
            [
                change.Guard(transaction, await tokenRead.ConfigureAwait(false)),
                transaction.HashSetAsync(manifest, path, ManifestRecord.Encode(flip.Entry)),
                retired is null
                    ? transaction.HashDeleteAsync(handle.Keys.Pending, flip.Entry.Generation)
                    : transaction.HashSetAsync(handle.Keys.Pending, flip.Entry.Generation, retired.Encode()),
                ManifestChanges.NoteAsync(transaction, handle.Keys, path),
            ];
            if (await CommitAsync(transaction, commands, cancellationToken).ConfigureAwait(false))
            {
                if (retired is not null)
                    await RetireAsync(flip.Entry.Generation, retired).ConfigureAwait(false);
                else if (!before.IsNull)
                    handle.ReportLeftOver(path);
                return true;
            }

            await handle.BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
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
            Task<long> epochTaken = handle.TakeNumberAsync();
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
                ManifestChanges.NoteAsync(transaction, handle.Keys, null),
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

            await handle.BackOffAsync(conflict, cancellationToken).ConfigureAwait(false);
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
            if (await cleaner.TryClaimAsync(generation, flip.Announcement, retired).ConfigureAwait(false))
                await cleaner.FinishAsync(generation, retired, CancellationToken.None).ConfigureAwait(false);
            else
                await cleaner.RemoveUnannouncedAsync(retired).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            cleaner.RemoveLater(retired);
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
            cleaner.RemoveLater(retired);
            LogLeftBehind(handle.Logger, e, retired.Path, retired.Generation);
        }
    }

    private PendingRecord Announce(PendingKind kind, long epoch, long generation, ChunkLayout chunks, string path) =>
        new(kind, epoch, generation, chunks, handle.WriterId, handle.Time.GetUtcNow(), path);

    private RedisInferException TooManyConflicts(string what) => new(
        RedisInferErrorCode.StoreUnavailable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Other writers interfered {MaxConflicts} times while changing {what} in corpus '{handle.Keys.Corpus}'. Let fewer processes ")
        + "index the same corpus at once, and try again. If there are no other writers, give this user the rights that "
        + "docs/REDIS_FORMAT.md lists: the client reports a refused condition as one that is not met.");

    [LoggerMessage(
        EventId = 210, Level = LogLevel.Warning,
        Message = "The server has lost parts of '{Path}' of corpus '{Corpus}' while it was written. It was restarted without its last writes, "
            + "or evicts documents. They are written again.")]
    private static partial void LogLost(ILogger logger, string path, string corpus);

    [LoggerMessage(
        EventId = 211, Level = LogLevel.Warning,
        Message = "Generation {Generation} of '{Path}' could not be removed now. The next indexing run removes it.")]
    private static partial void LogLeftBehind(ILogger logger, Exception exception, string path, long generation);

    /// <summary>What is needed to make a written generation current.</summary>
    private sealed record Flip(
        CorpusMeta Meta, string Announcement, NewDocument Document, ManifestEntry Entry, IReadOnlyList<float[]?> Vectors)
    {
        public long Epoch => Meta.Epoch;
    }
}
