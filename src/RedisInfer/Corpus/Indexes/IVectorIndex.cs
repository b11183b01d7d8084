using RedisInfer.Corpus.Records;
using RedisInfer.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>Stores and searches vectors. Several threads may call members at once.</summary>
internal interface IVectorIndex
{
    /// <summary>Writes the vectors of a document that is not visible yet.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="meta">The corpus, or its future description while it is re-embedded.</param>
    /// <param name="entry">The document.</param>
    /// <param name="vectors">
    /// One unit vector per chunk, in order; <see langword="null"/> for a chunk with a zero vector, and for a chunk whose vector is already
    /// stored.
    /// </param>
    ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors);

    /// <summary>
    /// Finds out whether the vectors of kept chunks are still stored. Fills them in if this index writes them again along with new ones.
    /// </summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="before">The document before the write.</param>
    /// <param name="kept">
    /// For each chunk of the new document, its position in <paramref name="before"/>; <see langword="null"/> if it is new.
    /// </param>
    /// <param name="vectors">The new document's unit vectors. Receives those of the kept chunks.</param>
    /// <returns>False if some are gone, and the document must be embedded again.</returns>
    ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors);

    /// <summary>Whether all that <see cref="AddAsync"/> wrote of a document is still stored.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="entry">The document.</param>
    /// <param name="vectors">What was given to <see cref="AddAsync"/>.</param>
    ValueTask<bool> HasAddedAsync(CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors);

    /// <summary>Whether the vectors of an epoch are all stored, as far as their number tells.</summary>
    /// <param name="meta">The corpus, with that epoch.</param>
    /// <param name="entries">All its documents.</param>
    /// <param name="vectorCount">The number of vectors that were added and not removed.</param>
    ValueTask<bool> HasAllAsync(CorpusMeta meta, IReadOnlyCollection<ManifestEntry> entries, long vectorCount);

    /// <summary>Removes vectors that are not visible any more. May run twice.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="work">The document and the write that is not current any more.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="linger">How long running questions may still need what was stored.</param>
    ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger);

    /// <summary>Finds the nearest chunks, of any generation.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">The documents to search. The searched state may be newer.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">Maximum number of hits.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits, best first, scored by cosine.</returns>
    Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken);

    /// <summary>The memory in this process that searching takes.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="size">The documents to search.</param>
    /// <returns>Bytes; 0 if the server searches.</returns>
    long EstimateMemory(CorpusMeta meta, CorpusSize size);

    /// <summary>Compares the given chunks with a question.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">The documents to compare. The compared state may be newer.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Their cosines, in order; <see langword="null"/> for a chunk that has no vector, or none any more.</returns>
    Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken);
}
