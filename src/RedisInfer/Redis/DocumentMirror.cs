using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// A copy, in this process, of one record of every document. A revision counter, read with each question, tells when something
/// changed; then only the documents that changed are loaded.
/// </summary>
/// <param name="context">The corpus.</param>
/// <param name="keyOf">The record's key, by generation and path.</param>
/// <param name="decode">Reads a record.</param>
internal sealed class DocumentMirror<T>(
    CorpusContext context, Func<long, string, RedisKey> keyOf, Func<CorpusMeta, string, byte[], T> decode) : IDisposable
{
    // Records of that many documents in one round trip.
    private const int LoadBatch = 64;

    private readonly SemaphoreSlim _loading = new(1);
    private volatile MirroredCorpus<T> _loaded = new(0, -1, []);

    /// <summary>A state of the manifest that is at least as new as the call. Never changed once it was given.</summary>
    public async Task<MirroredCorpus<T>> CatchUpAsync(CorpusMeta meta, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long revision = (long)await context.Database.StringGetAsync(context.Keys.Revision).ConfigureAwait(false);
        if (_loaded is { } current && current.Epoch == meta.Epoch && current.Revision >= revision)
            return current;

        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_loaded.Epoch != meta.Epoch || _loaded.Revision < revision)
                _loaded = await LoadAsync(_loaded, meta, cancellationToken).ConfigureAwait(false);
            return _loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<MirroredCorpus<T>> LoadAsync(MirroredCorpus<T> before, CorpusMeta meta, CancellationToken cancellationToken)
    {
        // The revision first: what changes after it is loaded again at worst, and never missed. The epoch last: if it is still
        // the one asked for, so was the manifest's.
        Task<RedisValue> revisionRead = context.Database.StringGetAsync(context.Keys.Revision);
        Task<HashEntry[]> manifestRead = context.Database.HashGetAllAsync(context.Keys.Manifest);
        Task<RedisValue> epochRead = context.Database.HashGetAsync(context.Keys.Meta, CorpusMeta.EpochField);
        await Task.WhenAll(revisionRead, manifestRead, epochRead).ConfigureAwait(false);
        var revision = (long)await revisionRead.ConfigureAwait(false);
        HashEntry[] manifest = await manifestRead.ConfigureAwait(false);
        if (await epochRead.ConfigureAwait(false) != meta.Epoch)
            return new MirroredCorpus<T>(meta.Epoch, revision, []);

        var documents = new Dictionary<string, MirroredDocument<T>>(manifest.Length);
        var changed = new List<ManifestEntry>();
        foreach (HashEntry field in manifest)
        {
            ManifestEntry entry = ManifestRecord.Decode(field.Name.ToString(), field.Value.ToString());
            if (before.Documents.TryGetValue(entry.Path, out MirroredDocument<T>? known) && known.Generation == entry.Generation)
                documents.Add(entry.Path, known);
            else
                changed.Add(entry);
        }

        foreach (ManifestEntry[] batch in changed.Chunk(LoadBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisKey[] keys = [.. batch.Select(entry => keyOf(entry.Generation, entry.Path))];
            RedisValue[] records = await context.Database.StringGetAsync(keys).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                // Gone: re-indexed meanwhile, and so long ago that it expired. The revision has moved on too.
                if (records[i].IsNull)
                    continue;
                T record = decode(meta, keys[i].ToString(), (byte[])records[i]!);
                documents.Add(batch[i].Path, new MirroredDocument<T>(batch[i].Generation, batch[i].Path, record));
            }
        }

        return new MirroredCorpus<T>(meta.Epoch, revision, documents);
    }
}
