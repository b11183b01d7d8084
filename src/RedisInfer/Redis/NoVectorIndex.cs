namespace RedisInfer.Redis;

/// <summary>The vectors of a corpus that has none: passages are found by their words alone.</summary>
internal sealed class NoVectorIndex : IVectorIndex
{
    public ValueTask AddAsync(
        RedisPipeline pipeline, CorpusMeta meta, long generation, string path, IReadOnlyList<float[]?> vectors) => ValueTask.CompletedTask;

    public ValueTask RemoveAsync(
        RedisPipeline pipeline, long epoch, long generation, string path, int chunkCount, TimeSpan linger) => ValueTask.CompletedTask;

    public Task<RankedHits> SearchAsync(
        CorpusMeta meta, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken) =>
        Task.FromResult(RankedHits.None);

    public Task<float?[]> ScoreAsync(
        CorpusMeta meta, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        Task.FromResult(new float?[chunks.Count]);
}
