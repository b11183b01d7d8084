namespace RedisInfer.Redis;

/// <summary>Where vectors are kept and how they are searched. Members may be called from several threads at once.</summary>
internal interface IVectorIndex
{
    /// <summary>Writes the vectors of a generation that is not visible yet.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="meta">The corpus.</param>
    /// <param name="generation">Number of the write.</param>
    /// <param name="path">The document.</param>
    /// <param name="vectors">One unit vector a chunk, in order; <see langword="null"/> for a chunk without a direction.</param>
    ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, long generation, string path, IReadOnlyList<float[]?> vectors);

    /// <summary>Removes the vectors of a generation that is not visible any more. May run twice.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="epoch">The epoch it was written in.</param>
    /// <param name="generation">Number of the write.</param>
    /// <param name="path">The document.</param>
    /// <param name="chunkCount">Chunks it may have.</param>
    /// <param name="linger">How long questions that run may still need what was stored.</param>
    ValueTask RemoveAsync(RedisPipeline pipeline, long epoch, long generation, string path, int chunkCount, TimeSpan linger);

    /// <summary>Finds the nearest chunks, of whatever generation.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">Most hits wanted.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits, best first, scored by cosine.</returns>
    Task<RankedHits> SearchAsync(
        CorpusMeta meta, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken);

    /// <summary>Compares certain chunks with a question.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Their cosines, in order; <see langword="null"/> where a chunk has no vector, or not any more.</returns>
    Task<float?[]> ScoreAsync(CorpusMeta meta, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken);
}
