using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>
/// Searches a corpus as one snapshot: every chunk it returns belongs to the generation of its document that was current at
/// one instant. Searches have no such instant of their own: one may find a generation that has just been replaced, or one
/// that is still being written. So the manifest decides, and what it drops is looked for again. Members may be called from
/// several threads at once.
/// </summary>
/// <param name="store">The corpus.</param>
/// <param name="time">Measures the times.</param>
internal sealed class Retriever(CorpusStore store, TimeProvider time)
{
    // Rankings are joined from that many hits each at least: a chunk that one of them has far down can be the best of both.
    private const int LeastDepth = 32;
    private const int DepthPerChunk = 4;

    // More hits are read than asked for, so that a few that are dropped cost no second reading.
    private const int LeastExtraHits = 4;

    // Searches for one question. A second one is needed while documents change; more only where they change all the time and the
    // server searches them.
    private const int MaxSearches = 16;

    /// <summary>Finds the chunks that are likely to hold the answer to a question.</summary>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks, best first, then their neighbours in the order of the chunks they stand beside.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StoreUnavailable"/>, <see cref="RedisInferErrorCode.IndexMismatch"/> or
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>.
    /// </exception>
    public async Task<RetrievalResult> SearchAsync(RetrievalQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.TopK);
        TimeSpan searchTime = TimeSpan.Zero;
        TimeSpan loadTime = TimeSpan.Zero;
        CorpusQuery corpusQuery = query.ToCorpusQuery();
        CorpusSearch? found = null;
        var selection = new HitSelection(query.CandidateCount, query.MinScore, corpusQuery.Filter);
        for (int search = 0; search < MaxSearches; search++)
        {
            long started = time.GetTimestamp();
            int depth = Math.Max(LeastDepth, DepthPerChunk * query.CandidateCount) + selection.DroppedCount;
            found = await store.SearchAsync(corpusQuery, depth, cancellationToken).ConfigureAwait(false);
            searchTime += time.GetElapsedTime(started);
            selection.Restart();
            if (found is null || found.IsEmpty)
                break;

            started = time.GetTimestamp();
            bool wasRead = await ReadAsync(found, query, selection, cancellationToken).ConfigureAwait(false);
            loadTime += time.GetElapsedTime(started);
            if (wasRead && selection.IsComplete(mayBeMore: found.ByVector.Hits.Count >= depth || found.ByWords.Hits.Count >= depth))
                break;
        }

        IReadOnlyList<Passage> passages = await RerankAsync(query, selection.Passages, cancellationToken).ConfigureAwait(false);
        if (query.Neighbors > 0 && passages.Count > 0)
        {
            long started = time.GetTimestamp();
            passages = await AddNeighborsAsync(found!, query.Neighbors, passages, cancellationToken).ConfigureAwait(false);
            loadTime += time.GetElapsedTime(started);
        }

        return new RetrievalResult(passages, searchTime, loadTime);
    }

    /// <summary>Reads so much of what was found that enough is kept. False: the corpus was cleared meanwhile.</summary>
    private async Task<bool> ReadAsync(
        CorpusSearch found, RetrievalQuery query, HitSelection selection, CancellationToken cancellationToken)
    {
        ChunkHit[] near = [.. found.ByVector.Hits.Where(hit => hit.Score >= query.MinScore)];
        List<ChunkRef> ranked = RankFusion.Fuse(near, found.ByWords.Hits);

        // When the first few do not give enough, they are read again with the others: all that is kept is of one instant.
        int count = Math.Min(ranked.Count, query.CandidateCount + Math.Max(query.CandidateCount / 2, LeastExtraHits));
        while (true)
        {
            List<ChunkRef> hits = ranked[..count];
            if (await store.ReadAsync(found, hits, cancellationToken).ConfigureAwait(false) is not { } snapshot)
                return false;
            selection.Select(hits, snapshot);
            if (selection.IsFull || count == ranked.Count)
                return true;
            count = ranked.Count;
        }
    }

    private static async Task<IReadOnlyList<Passage>> RerankAsync(
        RetrievalQuery query, IReadOnlyList<Passage> passages, CancellationToken cancellationToken)
    {
        if (query.Reranker is null || passages.Count == 0)
            return passages;

        RerankPassage[] candidates =
            [.. passages.Select(passage => new RerankPassage(passage.Path, passage.Index, passage.Text, passage.Score))];
        IReadOnlyList<float> scores =
            await query.Reranker.ScoreAsync(query.Question, candidates, cancellationToken).ConfigureAwait(false);
        if (scores.Count != candidates.Length || scores.Any(float.IsNaN))
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                $"The re-ranker '{query.Reranker.GetType().Name}' gave {scores.Count} scores for {candidates.Length} passages, or NaN among "
                + "them. It must give one number for each.");
        }

        // A stable order: of equals the one that the search ranked higher.
        return [.. Enumerable.Range(0, passages.Count).OrderByDescending(i => scores[i]).Take(query.TopK).Select(i => passages[i])];
    }

    private async Task<IReadOnlyList<Passage>> AddNeighborsAsync(
        CorpusSearch found, int reach, IReadOnlyList<Passage> passages, CancellationToken cancellationToken)
    {
        var neighbors = new Dictionary<ChunkRef, (ManifestEntry Document, int Position, float Score)>();
        foreach (Passage passage in passages)
        {
            ManifestEntry document = found.State.Entries[passage.Path];
            for (int distance = 1; distance <= reach; distance++)
            {
                foreach (int index in (int[])[passage.Index - distance, passage.Index + distance])
                {
                    if (index >= 0 && index < document.ChunkCount)
                        neighbors.TryAdd(document.ChunkAt(index), (document, index, passage.Score));
                }
            }
        }

        ChunkRef[] wanted = [.. neighbors.Keys];
        StoredChunk?[] read = await store.ReadMoreAsync(found.Meta, wanted, cancellationToken).ConfigureAwait(false);
        var all = new List<Passage>(passages);
        for (int i = 0; i < wanted.Length; i++)
        {
            (ManifestEntry document, int position, float score) = neighbors[wanted[i]];
            if (read[i] is not { } raw)
                continue;
            StoredChunk stored = document.Place(raw, position);
            if (!Overlap.Covers(all, stored))
                all.Add(stored.ToPassage(score));
        }

        return all;
    }
}
