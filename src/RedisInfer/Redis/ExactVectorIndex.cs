using System.Numerics.Tensors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Exact search in this process, for servers without Vector Sets: vectors lie in one value per document.
/// </summary>
internal sealed class ExactVectorIndex(CorpusContext context, ManifestMirror manifest) : IVectorIndex, IDisposable
{
    private readonly DocumentMirror<VectorRows> _mirror = new(
        context, manifest, context.Keys.Vectors, (meta, key, record) => VectorRecord.Decode(key, meta.Identity.Dimensions, record));

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

    public async Task<RankedHits> SearchAsync(
        CorpusMeta meta, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        MirroredCorpus<VectorRows> corpus = await _mirror.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
        var best = new BestHits(count);
        foreach (MirroredDocument<VectorRows> document in corpus.Documents.Values)
        {
            if (allowed is not null && !allowed.Generations.ContainsKey(document.Path))
                continue;
            for (int row = 0; row < document.Record.Indexes.Length; row++)
            {
                best.Add(new ChunkRef(document.Generation, document.Path, document.Record.Indexes[row]), Cosine(document.Record, row, query));
            }
        }

        return new RankedHits(best.ToArray(), corpus.Manifest);
    }

    public async Task<float?[]> ScoreAsync(
        CorpusMeta meta, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        MirroredCorpus<VectorRows> corpus = await _mirror.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
        return [.. chunks.Select(Score)];

        float? Score(ChunkRef chunk)
        {
            if (corpus.Documents.GetValueOrDefault(chunk.Path) is not { } document || document.Generation != chunk.Generation)
                return null;
            int row = Array.IndexOf(document.Record.Indexes, chunk.Index);
            return row < 0 ? null : Cosine(document.Record, row, query);
        }
    }

    public void Dispose() => _mirror.Dispose();

    private static float Cosine(VectorRows rows, int row, float[] query) =>
        Math.Clamp(TensorPrimitives.Dot<float>(query, rows.Rows.AsSpan(row * query.Length, query.Length)), -1, 1);
}
