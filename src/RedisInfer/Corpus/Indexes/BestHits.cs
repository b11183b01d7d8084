using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Keeps the best of many hits. Among equal scores it prefers the first by <see cref="TieOrder"/>, so the order of arrival does not matter.
/// </summary>
/// <param name="count">Maximum number of hits to keep.</param>
internal sealed class BestHits(int count)
{
    private readonly PriorityQueue<ChunkHit, ChunkHit> _best = new(Comparer<ChunkHit>.Create(Compare));

    public void Add(in ChunkRef chunk, float score)
    {
        if (_best.Count == count && score < _best.Peek().Score)
            return;
        var hit = new ChunkHit(chunk, score);
        if (_best.Count < count)
            _best.Enqueue(hit, hit);
        else
            _best.EnqueueDequeue(hit, hit);
    }

    /// <summary>The hits, best first.</summary>
    public ChunkHit[] ToArray()
    {
        var hits = new ChunkHit[_best.Count];
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            hits[i] = _best.Dequeue();
        }

        return hits;
    }

    /// <summary>Orders worse hits before better ones.</summary>
    private static int Compare(ChunkHit a, ChunkHit b)
    {
        int byScore = a.Score.CompareTo(b.Score);
        if (byScore != 0)
            return byScore;
        int byPath = TieOrder.Compare(b.Chunk.Path, a.Chunk.Path);
        return byPath != 0 ? byPath : b.Chunk.Index.CompareTo(a.Chunk.Index);
    }
}
