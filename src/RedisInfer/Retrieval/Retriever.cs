using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>
/// Searches a corpus as one snapshot: every returned chunk belongs to the generation of its document that was current at one instant. The
/// searches themselves have no such instant: they may find a generation that was just replaced, or one that is still being written. So hits
/// are checked against the manifest. If hits are dropped, the search is repeated. Thread-safe.
/// </summary>
/// <param name="store">The corpus.</param>
/// <param name="time">Clock for the timings.</param>
internal sealed class Retriever(CorpusStore store, TimeProvider time)
{
    // Least number of hits of each ranking that are joined: a chunk far down in one ranking can be the best of both.
    private const int LeastDepth = 64;
    private const int DepthPerChunk = 4;

    // More hits are read than requested, so that a few dropped hits cost no second read.
    private const int LeastExtraHits = 4;

    // Most searches for one question. A second one is needed while documents change. More are needed only if documents change all the time
    // and the server searches them.
    private const int MaxSearches = 16;

    /// <summary>Retrieves the chunks for a question.</summary>
    /// <param name="query">The question and its settings.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks, best first, then their neighbors in the order of those chunks.</returns>
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
        var selection = new HitSelection(query.CandidateCount, corpusQuery.Filter);
        for (int search = 0; search < MaxSearches; search++)
        {
            long started = time.GetTimestamp();
            int depth = Math.Max(LeastDepth, DepthPerChunk * query.CandidateCount) + selection.DroppedCount;
            found = await store.SearchAsync(corpusQuery, depth, cancellationToken).ConfigureAwait(false);
            searchTime += time.GetElapsedTime(started);
            selection.Restart();
            if (found is null || found.IsEmpty || (query.MinScore is null && !Sureness.IsEnough(found, query.Mode)))
                break;

            started = time.GetTimestamp();
            bool wasRead = await ReadAsync(found, query, selection, cancellationToken).ConfigureAwait(false);
            loadTime += time.GetElapsedTime(started);
            if (wasRead && selection.IsComplete(mayBeMore: found.ByVector.Hits.Count >= depth || found.ByWords.Hits.Count >= depth))
                break;
        }

        long rerankStart = time.GetTimestamp();
        IReadOnlyList<Passage> passages = await RerankAsync(query, selection.Passages, cancellationToken).ConfigureAwait(false);
        TimeSpan rerankTime = query.Reranker is null ? TimeSpan.Zero : time.GetElapsedTime(rerankStart);
        if (query.Neighbors > 0 && passages.Count > 0)
        {
            long started = time.GetTimestamp();
            passages = await AddNeighborsAsync(found!, query.Neighbors, passages, cancellationToken).ConfigureAwait(false);
            loadTime += time.GetElapsedTime(started);
        }

        return new RetrievalResult(passages, searchTime, loadTime) { RerankTime = rerankTime };
    }

    /// <summary>Reads as many hits as needed to fill the selection. Returns false if the corpus was cleared.</summary>
    private async Task<bool> ReadAsync(
        CorpusSearch found, RetrievalQuery query, HitSelection selection, CancellationToken cancellationToken)
    {
        PassageBar bar = PassageBar.Of(query.MinScore, found);
        ChunkHit[] near = [.. found.ByVector.Hits.Where(hit => hit.Score >= bar.MinScore)];
        List<ChunkRef> ranked = HitFusion.Fuse(near, found.ByWords.Hits, found.Scores, found.Unrelated?.Mean);

        // If the first few hits are not enough, all are read again together, so that everything kept is from one instant.
        int count = Math.Min(ranked.Count, query.CandidateCount + Math.Max(query.CandidateCount / 2, LeastExtraHits));
        while (true)
        {
            List<ChunkRef> hits = ranked[..count];
            if (await store.ReadAsync(found, hits, cancellationToken).ConfigureAwait(false) is not { } snapshot)
                return false;
            selection.Select(hits, snapshot, bar, found.WordScores);
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
            [.. passages.Select(passage => new RerankPassage(passage.Path, passage.Index, TrailText.Before(passage.Trail, passage.Text), passage.Score))];

        IReadOnlyList<float> scores = await query.Reranker.ScoreAsync(query.QuestionInContext, candidates, cancellationToken).ConfigureAwait(false);
        if (scores.Count != candidates.Length || scores.Any(float.IsNaN))
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                $"The re-ranker '{query.Reranker.GetType().Name}' returned {scores.Count} scores for {candidates.Length} passages, or NaN. "
                + "It must return one number for each passage.");
        }

        // A stable order: of equal scores, the one that the search ranked higher comes first.
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
