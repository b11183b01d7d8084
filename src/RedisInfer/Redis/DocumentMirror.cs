using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>A copy, in this process, of one record of every document; only those that changed are loaded again.</summary>
/// <param name="context">The corpus.</param>
/// <param name="manifest">Says which documents there are.</param>
/// <param name="keyOf">The record's key, by generation and path.</param>
/// <param name="decode">Reads a record.</param>
internal sealed class DocumentMirror<T>(
    CorpusContext context,
    ManifestMirror manifest,
    Func<long, string, RedisKey> keyOf,
    Func<CorpusMeta, string, byte[], T> decode) : IDisposable
{
    // Records of that many documents in one round trip.
    private const int LoadBatch = 64;

    private readonly SemaphoreSlim _loading = new(1);
    private volatile MirroredCorpus<T> _loaded = MirroredCorpus<T>.Nothing;

    /// <summary>A state of the corpus that is at least as new as the call. Never changed once it was given.</summary>
    public async Task<MirroredCorpus<T>> CatchUpAsync(CorpusMeta meta, CancellationToken cancellationToken)
    {
        MirroredManifest wanted = await manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
        if (_loaded is { } current && current.Manifest.IsAtLeast(wanted))
            return current;

        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_loaded.Manifest.IsAtLeast(wanted))
                _loaded = await LoadAsync(_loaded, meta, wanted, cancellationToken).ConfigureAwait(false);
            return _loaded;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task<MirroredCorpus<T>> LoadAsync(
        MirroredCorpus<T> before, CorpusMeta meta, MirroredManifest wanted, CancellationToken cancellationToken)
    {
        var documents = new Dictionary<string, MirroredDocument<T>>(wanted.Entries.Count);
        var changed = new List<ManifestEntry>();
        foreach (ManifestEntry entry in wanted.Entries.Values)
        {
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

        return new MirroredCorpus<T>(wanted, documents);
    }
}
