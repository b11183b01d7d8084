using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>A copy of the manifest in this process. A revision counter, read with each question, shows whether something changed.</summary>
internal sealed class ManifestMirror(CorpusHandle handle) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1);
    private volatile MirroredManifest _loaded = MirroredManifest.Nothing;

    /// <summary>Returns a state of the manifest that is at least as new as the call. A returned state never changes.</summary>
    public async Task<MirroredManifest> CatchUpAsync(CorpusMeta meta, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long revision = (long)await handle.Database.StringGetAsync(handle.Keys.Revision).ConfigureAwait(false);
        if (_loaded is { } current && current.Epoch == meta.Epoch && current.Revision >= revision)
            return current;

        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loaded.Epoch != meta.Epoch || _loaded.Revision < revision)
                _loaded = await LoadAsync(meta).ConfigureAwait(false);
            return _loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<MirroredManifest> LoadAsync(CorpusMeta meta)
    {
        // Read the revision first: a later change is loaded again at worst, and never missed. Read the epoch last: if it is still the
        // requested one, the manifest is of that epoch too.
        Task<RedisValue> revisionRead = handle.Database.StringGetAsync(handle.Keys.Revision);
        Task<HashEntry[]> manifestRead = handle.Database.HashGetAllAsync(handle.Keys.Manifest);
        Task<RedisValue> epochRead = handle.Database.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField);
        await Task.WhenAll(revisionRead, manifestRead, epochRead).ConfigureAwait(false);
        var revision = (long)await revisionRead.ConfigureAwait(false);
        if (await epochRead.ConfigureAwait(false) != meta.Epoch)
            return new MirroredManifest(meta.Epoch, revision, []);

        HashEntry[] manifest = await manifestRead.ConfigureAwait(false);
        return new MirroredManifest(
            meta.Epoch,
            revision,
            manifest.Select(field => ManifestRecord.Decode(field.Name.ToString(), field.Value.ToString())).ToDictionary(entry => entry.Path));
    }
}
