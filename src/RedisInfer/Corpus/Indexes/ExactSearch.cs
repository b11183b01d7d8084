using RedisInfer.Corpus.Records;
using RedisInfer.Threads;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Searches all vectors of a corpus in this process, and finds the nearest for certain. Several threads may call members at once.
/// </summary>
/// <param name="mirror">The vectors.</param>
internal sealed class ExactSearch(DocumentMirror<FixedPointRows> mirror) : IDisposable
{
    // The upper bytes of the numbers select candidates: this many times the wanted number of hits. All bytes of the candidates are then
    // compared.
    private const int Oversampling = 4;
    private const int LeastCandidates = 64;

    // The objects and arrays of a document, and its place in the mirror.
    private const int BytesPerDocument = 300;

    /// <summary>Bytes of memory for the vectors that are loaded, estimated.</summary>
    public long HeldBytes => mirror.Loaded is { Meta: { } meta } loaded ? EstimateMemory(meta, loaded.Size) : 0;

    /// <summary>The memory in this process that searching all vectors takes.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="size">The documents to search.</param>
    /// <returns>Bytes.</returns>
    public static long EstimateMemory(CorpusMeta meta, CorpusSize size) =>
        (size.Chunks * FixedPointRows.BytesPerRow(meta.Identity.Dimensions)) + (size.Documents * BytesPerDocument);

    /// <summary>Finds the nearest chunks in one state of the corpus.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">A state of the manifest. The searched state may be newer.</param>
    /// <param name="query">A unit vector.</param>
    /// <param name="count">Maximum number of hits.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    public async Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        MirroredCorpus<FixedPointRows> corpus = await mirror.CatchUpAsync(meta, state, cancellationToken).ConfigureAwait(false);

        // Search on another thread, so that words are ranked at the same time.
        return await OwnThreads.RunAsync(() => new RankedHits(FindBest(corpus, query, count, allowed), corpus.Manifest)).ConfigureAwait(false);
    }

    /// <summary>
    /// Compares the given chunks with a question; <see langword="null"/> for a chunk that has no vector, or none any more.
    /// </summary>
    public async Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        MirroredCorpus<FixedPointRows> corpus = await mirror.CatchUpAsync(meta, state, cancellationToken).ConfigureAwait(false);
        return [.. chunks.Select(Score)];

        float? Score(ChunkRef chunk)
        {
            if (corpus.Documents.GetValueOrDefault(chunk.Path) is not { } document || document.Entry.PositionOf(chunk) is not { } position)
                return null;
            int row = Array.IndexOf(document.Record.Indexes, position);
            return row < 0 ? null : document.Record.Cosine(row, query);
        }
    }

    /// <summary>Releases the vectors.</summary>
    public void Release() => mirror.Release();

    public void Dispose() => mirror.Dispose();

    private static ChunkHit[] FindBest(MirroredCorpus<FixedPointRows> corpus, float[] query, int count, AllowedDocuments? allowed)
    {
        var best = new BestHits(count);
        foreach ((MirroredDocument<FixedPointRows> document, int row) in FindCandidates(corpus, query, count, allowed))
        {
            best.Add(document.Entry.ChunkAt(document.Record.Indexes[row]), document.Record.Cosine(row, query));
        }

        return best.ToArray();
    }

    private static IEnumerable<(MirroredDocument<FixedPointRows> Document, int Row)> FindCandidates(
        MirroredCorpus<FixedPointRows> corpus, float[] vector, int count, AllowedDocuments? allowed)
    {
        short[] query = FixedPointRows.ToQuery(vector);
        int most = Math.Max(LeastCandidates, Oversampling * count);
        var candidates = new PriorityQueue<(MirroredDocument<FixedPointRows> Document, int Row), float>(most);
        float least = float.NegativeInfinity;
        foreach (MirroredDocument<FixedPointRows> document in corpus.Documents.Values)
        {
            if (allowed?.Contains(document.Entry.Path) == false)
                continue;
            for (int row = 0; row < document.Record.Indexes.Length; row++)
            {
                float estimate = document.Record.Estimate(row, query);
                if (estimate <= least)
                    continue;
                if (candidates.Count < most)
                {
                    candidates.Enqueue((document, row), estimate);
                    continue;
                }

                candidates.EnqueueDequeue((document, row), estimate);
                candidates.TryPeek(out _, out least);
            }
        }

        return candidates.UnorderedItems.Select(item => item.Element);
    }
}
