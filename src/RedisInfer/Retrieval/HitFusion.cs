using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Retrieval;

/// <summary>
/// Joins the hits by vector and by words. Each hit has a nearness, between what is unrelated and the nearest hit, and a relevance by its
/// words. The surer the words are, the more the relevance counts.
/// </summary>
/// <remarks>
/// Ranks alone lose what one side is sure of: the 32nd of both rankings came before the first of one. The constants were chosen on four sets
/// of questions of the benchmark "quality", with all-MiniLM-L6-v2.
/// </remarks>
internal static class HitFusion
{
    private const float NearnessShare = 0.6f;

    // Factor for each further passage of a document, so that one document does not fill the answer. Where one side alone found a document,
    // this makes room for it.
    private const float FurtherPassage = 0.7f;

    // How many hits by words say how sure the words are.
    private const int SureHits = 5;

    private const float LeastSpan = 1e-3f;

    /// <summary>Joins two rankings.</summary>
    /// <param name="byVector">The hits by vector, best first.</param>
    /// <param name="byWords">The hits by words, best first.</param>
    /// <param name="cosines">The cosine of each hit that has a vector.</param>
    /// <param name="unrelated">Mean cosine of unrelated questions; <see langword="null"/> if it is not known.</param>
    /// <returns>Every chunk once, best first. Of one ranking alone, its order.</returns>
    public static List<ChunkRef> Fuse(
        IReadOnlyList<ChunkHit> byVector, IReadOnlyList<ChunkHit> byWords, IReadOnlyDictionary<ChunkRef, float> cosines, double? unrelated)
    {
        if (byVector.Count == 0 || byWords.Count == 0)
            return [.. byVector.Concat(byWords).Select(hit => hit.Chunk)];

        float least = (float)(unrelated ?? byVector[^1].Score);
        float span = Math.Max(LeastSpan, byVector[0].Score - least);
        float sureness = MathF.Sqrt(byWords.Take(SureHits).Max(hit => hit.Score));
        Dictionary<ChunkRef, float> scores = byVector.Concat(byWords).Select(hit => hit.Chunk).Distinct().ToDictionary(
            chunk => chunk,
            chunk => cosines.TryGetValue(chunk, out float cosine) ? NearnessShare * Math.Clamp((cosine - least) / span, 0, 1) : 0);
        foreach (ChunkHit hit in byWords)
        {
            scores[hit.Chunk] += (1 - NearnessShare) * sureness * hit.Relevance;
        }

        return Spread(scores);
    }

    /// <summary>Orders chunks by score. Each further chunk of the same document counts less.</summary>
    private static List<ChunkRef> Spread(Dictionary<ChunkRef, float> scores)
    {
        var next = new PriorityQueue<(Queue<ChunkRef> Chunks, float Share), (float Score, string Path)>(
            Comparer<(float Score, string Path)>.Create(BetterFirst));
        foreach (IGrouping<string, KeyValuePair<ChunkRef, float>> document in scores.GroupBy(entry => entry.Key.Path))
        {
            IEnumerable<ChunkRef> best = document.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Index).Select(entry => entry.Key);
            Enqueue(new Queue<ChunkRef>(best), share: 1);
        }

        var ranked = new List<ChunkRef>(scores.Count);
        while (next.TryDequeue(out (Queue<ChunkRef> Chunks, float Share) best, out _))
        {
            ranked.Add(best.Chunks.Dequeue());
            Enqueue(best.Chunks, best.Share * FurtherPassage);
        }

        return ranked;

        void Enqueue(Queue<ChunkRef> chunks, float share)
        {
            if (chunks.TryPeek(out ChunkRef chunk))
                next.Enqueue((chunks, share), (share * scores[chunk], chunk.Path));
        }
    }

    private static int BetterFirst((float Score, string Path) a, (float Score, string Path) b)
    {
        int byScore = b.Score.CompareTo(a.Score);
        return byScore != 0 ? byScore : TieOrder.Compare(a.Path, b.Path);
    }
}
