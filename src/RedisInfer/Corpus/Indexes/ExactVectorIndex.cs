using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>Exact search in this process, for servers without Vector Sets. The vectors are stored as one value per document.</summary>
internal sealed class ExactVectorIndex(CorpusHandle handle, ManifestMirror manifest) : IVectorIndex, IDisposable
{
    // Maximum number of values counted in one round trip.
    private const int CountBatch = 512;

    private readonly ExactSearch _search = new(new DocumentMirror<FixedPointRows>(manifest, (meta, entries) => LoadAsync(handle, meta, entries)));

    public async ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors)
    {
        int[] indexes = [.. Enumerable.Range(0, vectors.Count).Where(index => vectors[index] is not null)];
        float[] rows = [.. indexes.SelectMany(index => vectors[index]!)];
        RedisKey key = handle.Keys.Vectors(meta.Epoch, entry.Generation, entry.Path);
        byte[] record = VectorRecord.Encode(key.ToString(), meta.Identity.Dimensions, indexes, rows);
        await pipeline.AddAsync(handle.Database.StringSetAsync(key, record), record.Length).ConfigureAwait(false);
    }

    public async ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors)
    {
        RedisKey key = handle.Keys.Vectors(meta.Epoch, before.Generation, before.Path);
        RedisValue value = await handle.Database.StringGetAsync(key).ConfigureAwait(false);
        if (value.IsNull
            || handle.DecodeOrReport(() => VectorRecord.Decode(key.ToString(), meta.Identity.Dimensions, (byte[])value!)) is not { } rows)
        {
            return false;
        }

        for (int i = 0; i < vectors.Length; i++)
        {
            if (kept[i] is not { } position)
                continue;
            int row = Array.IndexOf(rows.Indexes, position);
            vectors[i] = row < 0 ? null : rows.Rows.AsSpan(row * meta.Identity.Dimensions, meta.Identity.Dimensions).ToArray();
        }

        return true;
    }

    public async ValueTask<bool> HasAddedAsync(CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors) =>
        await handle.Database.KeyExistsAsync(handle.Keys.Vectors(meta.Epoch, entry.Generation, entry.Path), CommandFlags.DemandMaster)
            .ConfigureAwait(false);

    public async ValueTask<bool> HasAllAsync(CorpusMeta meta, IReadOnlyCollection<ManifestEntry> entries, long vectorCount)
    {
        long found = 0;
        foreach (ManifestEntry[] batch in entries.Chunk(CountBatch))
        {
            RedisKey[] keys = [.. batch.Select(entry => handle.Keys.Vectors(meta.Epoch, entry.Generation, entry.Path))];
            found += await handle.Database.KeyExistsAsync(keys, CommandFlags.DemandMaster).ConfigureAwait(false);
        }

        return found == entries.Count;
    }

    public ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger) =>
        pipeline.AddAsync(handle.Database.KeyExpireAsync(handle.Keys.Vectors(work.Epoch, work.Generation, work.Path), linger));

    public Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken) =>
        _search.SearchAsync(meta, state, query, count, allowed, cancellationToken);

    /// <summary>Bytes of memory for the vectors that are loaded, estimated.</summary>
    public long HeldBytes => _search.HeldBytes;

    public long EstimateMemory(CorpusMeta meta, CorpusSize size) => ExactSearch.EstimateMemory(meta, size);

    public Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        _search.ScoreAsync(meta, state, query, chunks, cancellationToken);

    public void Dispose() => _search.Dispose();

    private static async Task<LoadedRecords<FixedPointRows>> LoadAsync(
        CorpusHandle handle, CorpusMeta meta, IReadOnlyList<ManifestEntry> entries)
    {
        RedisKey[] keys = [.. entries.Select(entry => handle.Keys.Vectors(meta.Epoch, entry.Generation, entry.Path))];
        RedisValue[] values = Answers.OfCount(await handle.Reads.StringGetAsync(keys).ConfigureAwait(false), keys.Length);
        FixedPointRows?[] records = [.. values.Select((value, i) => value.IsNull ? null : Read(keys[i].ToString(), (byte[])value!))];
        return new LoadedRecords<FixedPointRows>(records, records.All(record => record is not null));

        // A document whose vectors cannot be read has none, until it changes.
        FixedPointRows Read(string key, byte[] value)
        {
            VectorRows rows = handle.DecodeOrReport(() => VectorRecord.Decode(key, meta.Identity.Dimensions, value))
                ?? new VectorRows([], []);
            return new FixedPointRows(rows.Indexes, rows.Rows, meta.Identity.Dimensions);
        }
    }
}
