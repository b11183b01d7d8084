using RedisInfer.Corpus.Records;
using RedisInfer.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>The index of a corpus without vectors. Passages are found by their words alone.</summary>
internal sealed class NoVectorIndex : IVectorIndex
{
    public ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors) =>
        ValueTask.CompletedTask;

    public ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors) => new(true);

    public ValueTask<bool> HasAddedAsync(CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors) => new(true);

    public ValueTask<bool> HasAllAsync(CorpusMeta meta, IReadOnlyCollection<ManifestEntry> entries, long vectorCount) => new(true);

    public ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger) =>
        ValueTask.CompletedTask;

    public Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken) =>
        Task.FromResult(RankedHits.None);

    public long EstimateMemory(CorpusMeta meta, CorpusSize size) => 0;

    public Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        Task.FromResult(new float?[chunks.Count]);
}
