namespace RedisInfer.Redis;

/// <summary>Where vectors are kept and how they are searched. Members may be called from several threads at once.</summary>
internal interface IVectorIndex
{
    /// <summary>Writes the vectors of a generation that is not visible yet.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="meta">The corpus.</param>
    /// <param name="generation">Number of the write.</param>
    /// <param name="document">The document.</param>
    /// <returns>False: the vector of a chunk to be kept is gone.</returns>
    ValueTask<bool> AddAsync(RedisPipeline pipeline, CorpusMeta meta, long generation, NewDocument document);

    /// <summary>Removes vectors that are not visible any more. May run twice.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="work">The document and the write that is not current any more.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="linger">How long questions that run may still need what was stored.</param>
    ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger);

    /// <summary>Finds the nearest chunks, of whatever generation.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">Which documents there are; it may be an older state than what is searched.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">Most hits wanted.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits, best first, scored by cosine.</returns>
    Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken);

    /// <summary>Compares certain chunks with a question.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">Which documents there are; it may be an older state than what is compared.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Their cosines, in order; <see langword="null"/> where a chunk has no vector, or not any more.</returns>
    Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken);
}
