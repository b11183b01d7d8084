using RedisInfer.Corpus.Records;
using RedisInfer.Threads;

namespace RedisInfer.Corpus.Indexes;

/// <summary>A copy, in this process, of one kind of record of every document. Only changed documents are loaded again.</summary>
/// <param name="manifest">Tells which documents there are.</param>
/// <param name="load">Loads the records of some documents.</param>
internal sealed class DocumentMirror<T>(
    ManifestMirror manifest, Func<CorpusMeta, IReadOnlyList<ManifestEntry>, Task<LoadedRecords<T>>> load) : IDisposable
    where T : class
{
    // Maximum number of documents loaded at once.
    private const int LoadBatch = 64;

    // How many times documents may be replaced while they are loaded.
    private const int MaxLoads = 8;

    private readonly SemaphoreSlim _loading = new(1);
    private volatile MirroredCorpus<T> _loaded = MirroredCorpus<T>.Nothing;

    /// <summary>What is loaded now.</summary>
    public MirroredManifest Loaded => _loaded.Manifest;

    /// <summary>Returns a state of the corpus that is at least as new as the wanted one. A returned state never changes.</summary>
    public async Task<MirroredCorpus<T>> CatchUpAsync(CorpusMeta meta, MirroredManifest wanted, CancellationToken cancellationToken)
    {
        if (_loaded is { } current && current.Manifest.IsAtLeast(wanted))
            return current;

        await _loading.WaitAsync(cancellationToken).OnOwnThread();
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

    /// <summary>Releases the copy.</summary>
    public void Release() => _loaded = MirroredCorpus<T>.Nothing;

    public void Dispose() => _loading.Dispose();

    private async Task<MirroredCorpus<T>> LoadAsync(
        MirroredCorpus<T> before, CorpusMeta meta, MirroredManifest wanted, CancellationToken cancellationToken)
    {
        for (int loads = 1; ; loads++)
        {
            (before, bool isWhole) = await LoadOnceAsync(before, meta, wanted, cancellationToken).ConfigureAwait(false);
            if (isWhole || loads == MaxLoads)
                return before;

            // Missing documents were replaced meanwhile, which the manifest then shows, or they are gone for good.
            MirroredManifest now = await manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
            if (wanted.IsAtLeast(now))
                return before;
            wanted = now;
        }
    }

    private async Task<(MirroredCorpus<T> Corpus, bool IsWhole)> LoadOnceAsync(
        MirroredCorpus<T> before, CorpusMeta meta, MirroredManifest wanted, CancellationToken cancellationToken)
    {
        var documents = new Dictionary<string, MirroredDocument<T>>(wanted.Entries.Count);
        var changed = new List<ManifestEntry>();
        bool isSameCorpus = before.Manifest.Meta == wanted.Meta;
        foreach (ManifestEntry entry in wanted.Entries.Values)
        {
            if (isSameCorpus
                && before.Documents.TryGetValue(entry.Path, out MirroredDocument<T>? known)
                && known.Entry.IsSameWrite(entry))
            {
                documents.Add(entry.Path, known);
            }
            else
            {
                changed.Add(entry);
            }
        }

        bool isWhole = true;
        foreach (ManifestEntry[] batch in changed.Chunk(LoadBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (T?[] records, bool areWhole) = await load(meta, batch).ConfigureAwait(false);
            isWhole &= areWhole;
            for (int i = 0; i < batch.Length; i++)
            {
                if (records[i] is { } record)
                    documents.Add(batch[i].Path, new MirroredDocument<T>(batch[i], record));
            }
        }

        return (new MirroredCorpus<T>(wanted, documents), isWhole);
    }
}
