using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>
/// Searches a corpus as one snapshot: every chunk it returns belongs to the generation of its document that was current at
/// one instant. Vectors have no such instant of their own: a search may find a generation that has just been replaced, or one
/// that is still being written. So the manifest decides, and what it drops is looked for again. Members may be called from
/// several threads at once.
/// </summary>
/// <param name="store">The corpus.</param>
/// <param name="time">Measures the times.</param>
internal sealed class Retriever(CorpusStore store, TimeProvider time)
{
    // More hits than asked for, so that a few that are dropped cost no second search.
    private const int LeastExtraHits = 8;

    // Searches for one question. A second one is needed while documents change; more only where they change all the time.
    private const int MaxSearches = 8;

    /// <summary>Finds the chunks nearest to a question.</summary>
    /// <param name="query">The question's embedding.</param>
    /// <param name="topK">Most chunks to return, at least 1.</param>
    /// <param name="minScore">Least cosine similarity, -1 to 1.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks, best first.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>, <see cref="Errors.RedisInferErrorCode.IndexMismatch"/> or
    /// <see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.
    /// </exception>
    public async Task<RetrievalResult> SearchAsync(
        ReadOnlyMemory<float> query, int topK, float minScore, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(topK);
        TimeSpan searchTime = TimeSpan.Zero;
        TimeSpan loadTime = TimeSpan.Zero;
        var selection = new HitSelection(topK);
        for (int search = 0; search < MaxSearches; search++)
        {
            long started = time.GetTimestamp();
            int count = topK + Math.Max(topK / 2, LeastExtraHits) + selection.DroppedCount;
            (CorpusMeta? meta, VectorSearch found) =
                await store.SearchAsync(query, count, cancellationToken).ConfigureAwait(false);
            searchTime += time.GetElapsedTime(started);
            found = found with { Hits = [.. found.Hits.Where(hit => hit.Score >= minScore)] };
            if (meta is null || found.Hits.Count == 0)
                return new RetrievalResult([], searchTime, loadTime);

            started = time.GetTimestamp();
            ChunkSnapshot? snapshot = await store.ReadAsync(meta, found, cancellationToken).ConfigureAwait(false);
            bool isComplete = snapshot is not null && selection.Select(found.Hits, snapshot, mayBeMore: found.Hits.Count >= count);
            loadTime += time.GetElapsedTime(started);
            if (isComplete)
                break;
        }

        return new RetrievalResult(selection.Chunks, searchTime, loadTime);
    }
}
