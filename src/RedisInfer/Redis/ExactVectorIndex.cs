using System.Numerics.Tensors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Exact search in this process, for servers without Vector Sets: vectors lie in one value per document. A revision counter,
/// read with each question, tells when something changed; then only the documents that changed are loaded.
/// </summary>
internal sealed class ExactVectorIndex(CorpusContext context) : IVectorIndex, IDisposable
{
    // Values of that many documents in one round trip.
    private const int LoadBatch = 64;

    private readonly SemaphoreSlim _loading = new(1);
    private volatile Loaded _loaded = new(0, -1, []);

    public async ValueTask AddAsync(
        RedisPipeline pipeline, CorpusMeta meta, long generation, string path, IReadOnlyList<float[]?> vectors)
    {
        int[] indexes = [.. Enumerable.Range(0, vectors.Count).Where(index => vectors[index] is not null)];
        float[] rows = [.. indexes.SelectMany(index => vectors[index]!)];
        RedisKey key = context.Keys.Vectors(generation, path);
        byte[] record = VectorRecord.Encode(key.ToString(), meta.Identity.Dimensions, indexes, rows);
        await pipeline.AddAsync(context.Database.StringSetAsync(key, record), record.Length).ConfigureAwait(false);
    }

    public ValueTask RemoveAsync(
        RedisPipeline pipeline, long epoch, long generation, string path, int chunkCount, TimeSpan linger) =>
        pipeline.AddAsync(context.Database.KeyExpireAsync(context.Keys.Vectors(generation, path), linger));

    public async Task<VectorSearch> SearchAsync(
        CorpusMeta meta, float[] query, int count, CancellationToken cancellationToken)
    {
        Loaded loaded = await CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
        var best = new PriorityQueue<VectorHit, float>();
        foreach (DocumentVectors document in loaded.Documents.Values)
        {
            for (int row = 0; row < document.Indexes.Length; row++)
            {
                float score = TensorPrimitives.Dot<float>(query, document.Rows.AsSpan(row * query.Length, query.Length));
                if (best.Count == count && score <= best.Peek().Score)
                    continue;
                if (best.Count == count)
                    best.Dequeue();
                var chunk = new ChunkRef(document.Generation, document.Path, document.Indexes[row]);
                best.Enqueue(new VectorHit(chunk, Math.Clamp(score, -1, 1)), score);
            }
        }

        // What is loaded is one state of the manifest, at least as new as this question.
        VectorHit[] hits = [.. best.UnorderedItems.Select(item => item.Element).OrderByDescending(hit => hit.Score)];
        return new VectorSearch(hits, IsSnapshot: true);
    }

    public void Dispose() => _loading.Dispose();

    private async Task<Loaded> CatchUpAsync(CorpusMeta meta, CancellationToken cancellationToken)
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

    private async Task<Loaded> LoadAsync(Loaded before, CorpusMeta meta, CancellationToken cancellationToken)
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
            return new Loaded(meta.Epoch, revision, []);

        var documents = new Dictionary<string, DocumentVectors>(manifest.Length);
        var changed = new List<ManifestEntry>();
        foreach (HashEntry field in manifest)
        {
            ManifestEntry entry = ManifestRecord.Decode(field.Name.ToString(), field.Value.ToString());
            if (before.Documents.TryGetValue(entry.Path, out DocumentVectors? known) && known.Generation == entry.Generation)
                documents.Add(entry.Path, known);
            else
                changed.Add(entry);
        }

        foreach (ManifestEntry[] batch in changed.Chunk(LoadBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisKey[] keys = [.. batch.Select(entry => context.Keys.Vectors(entry.Generation, entry.Path))];
            RedisValue[] records = await context.Database.StringGetAsync(keys).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                // Gone: re-indexed meanwhile, and so long ago that it expired. The revision has moved on too.
                if (records[i].IsNull)
                    continue;
                (int[] indexes, float[] rows) = VectorRecord.Decode(keys[i].ToString(), meta.Identity.Dimensions, (byte[])records[i]!);
                documents.Add(batch[i].Path, new DocumentVectors(batch[i].Generation, batch[i].Path, indexes, rows));
            }
        }

        return new Loaded(meta.Epoch, revision, documents);
    }

    /// <summary>Never changed once it is published, so that searches need no lock.</summary>
    private sealed record Loaded(long Epoch, long Revision, Dictionary<string, DocumentVectors> Documents);
}
