using RedisInfer.Corpus.Records;
using RedisInfer.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>Where vectors are kept and how they are searched. Members may be called from several threads at once.</summary>
internal interface IVectorIndex
{
    /// <summary>Writes the vectors of a document that is not visible yet.</summary>
    /// <param name="pipeline">Takes the commands.</param>
    /// <param name="meta">The corpus, or what it is to become.</param>
    /// <param name="entry">The document.</param>
    /// <param name="vectors">
    /// One unit vector a chunk, in order; <see langword="null"/> for a chunk without a direction, and for one whose vector is there.
    /// </param>
    ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors);

    /// <summary>Fills in the vectors of chunks that are kept, if this index writes them again along with new ones.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="before">The document before the write.</param>
    /// <param name="kept">For each chunk of the new document, its position in <paramref name="before"/>; <see langword="null"/>: it is new.</param>
    /// <param name="vectors">The new document's unit vectors; gets those of the kept chunks.</param>
    /// <returns>False if they are gone.</returns>
    ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors);

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
