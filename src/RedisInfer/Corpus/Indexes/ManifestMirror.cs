using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using RedisInfer.Threads;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>A copy of the manifest in this process. The revision, read with each question, shows whether something changed.</summary>
internal sealed class ManifestMirror(CorpusHandle handle) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1);
    private volatile MirroredManifest _loaded = MirroredManifest.Nothing;
    private long _begun;

    /// <summary>Returns a state of the manifest that is at least as new as the call. A returned state never changes.</summary>
    public async Task<MirroredManifest> CatchUpAsync(CorpusMeta meta, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long begunBefore = Interlocked.Read(ref _begun);
        long revision = (long)await handle.Reads.StringGetAsync(handle.Keys.Revision).ConfigureAwait(false);

        // Compare for equality: the revision of a server that lost its last writes goes back.
        if (_loaded is { } current && current.Meta == meta && current.Revision == revision)
            return current;

        await _loading.WaitAsync(cancellationToken).OnOwnThread();
        try
        {
            // A load that began after this call is new enough, whatever its revision.
            bool isNewEnough = _loaded.Revision == revision || _loaded.Number > begunBefore;
            if (_loaded.Meta != meta || !isNewEnough)
                _loaded = await UpdateAsync(meta, Interlocked.Increment(ref _begun)).ConfigureAwait(false);
            return _loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<MirroredManifest> UpdateAsync(CorpusMeta meta, long number) =>
        (_loaded.Meta == meta ? await TryFollowAsync(_loaded, number).ConfigureAwait(false) : null)
        ?? await LoadAsync(meta, number).ConfigureAwait(false);

    /// <summary>Reads only what has changed; <see langword="null"/> if that is not known.</summary>
    private async Task<MirroredManifest?> TryFollowAsync(MirroredManifest known, long number)
    {
        // The order matters as in LoadAsync: the revision first, the meta hash last.
        Task<RedisValue> revisionRead = handle.Reads.StringGetAsync(handle.Keys.Revision);
        Task<RedisValue[]> changesRead = ManifestChanges.ReadAsync(handle.Reads, handle.Keys);
        await Task.WhenAll(revisionRead, changesRead).ConfigureAwait(false);
        var revision = (long)await revisionRead.ConfigureAwait(false);
        if (ManifestChanges.Since(await changesRead.ConfigureAwait(false), known.Revision, revision) is not { } paths)
            return null;

        Task<RedisValue[]> recordsRead = handle.Reads.HashGetAsync(handle.Keys.Manifest, [.. paths.Select(path => (RedisValue)path)]);
        Task<HashEntry[]> metaRead = handle.Reads.HashGetAllAsync(handle.Keys.Meta);
        await Task.WhenAll(recordsRead, metaRead).ConfigureAwait(false);
        if (CorpusMeta.Decode(handle.Keys.Corpus, Answers.Fields(await metaRead.ConfigureAwait(false))) != known.Meta)
            return null;

        RedisValue[] records = Answers.OfCount(await recordsRead.ConfigureAwait(false), paths.Length);
        var entries = new Dictionary<string, ManifestEntry>(known.Entries);
        foreach ((string path, RedisValue record) in paths.Zip(records))
        {
            if (!record.IsNull && handle.DecodeEntry(path, record) is { } entry)
                entries[path] = entry;
            else
                entries.Remove(path);
        }

        return new MirroredManifest(number, known.Meta, revision, entries);
    }

    private async Task<MirroredManifest> LoadAsync(CorpusMeta meta, long number)
    {
        // Read the revision first: a later change is loaded again at worst, and never missed. Read the meta hash last: if it is still the
        // requested one, the manifest is of that corpus too.
        Task<RedisValue> revisionRead = handle.Reads.StringGetAsync(handle.Keys.Revision);
        Task<HashEntry[]> manifestRead = handle.Reads.HashGetAllAsync(handle.Keys.Manifest);
        Task<HashEntry[]> metaRead = handle.Reads.HashGetAllAsync(handle.Keys.Meta);
        await Task.WhenAll(revisionRead, manifestRead, metaRead).ConfigureAwait(false);
        var revision = (long)await revisionRead.ConfigureAwait(false);

        // The epoch alone does not identify a corpus: a server that comes back empty counts from 1 again.
        if (CorpusMeta.Decode(handle.Keys.Corpus, Answers.Fields(await metaRead.ConfigureAwait(false))) != meta)
            return new MirroredManifest(number, meta, revision, []);

        HashEntry[] manifest = Answers.Fields(await manifestRead.ConfigureAwait(false));
        return new MirroredManifest(
            number,
            meta,
            revision,
            manifest.Select(field => handle.DecodeEntry(field)).OfType<ManifestEntry>().ToDictionary(entry => entry.Path));
    }
}
