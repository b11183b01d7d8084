using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>
/// Keeps of the hits of a search what a snapshot calls current, and decides whether another search is needed. Not thread-safe;
/// one for the searches of one question.
/// </summary>
/// <param name="topK">Most chunks to keep.</param>
internal sealed class HitSelection(int topK)
{
    // Hits dropped so far, with the generation that was current instead. A search that began after that generation was seen to
    // be current saw all its vectors, so such a hit does not ask for yet another search.
    private readonly HashSet<(ChunkRef Hit, long Current)> _dropped = [];

    /// <summary>How many hits are known not to be current.</summary>
    public int DroppedCount => _dropped.Count;

    /// <summary>What was kept, best first.</summary>
    public IReadOnlyList<RetrievedChunk> Chunks { get; private set; } = [];

    /// <summary>Selects among the hits of one search.</summary>
    /// <param name="hits">The hits, best first.</param>
    /// <param name="snapshot">What is current, for the same hits in the same order.</param>
    /// <param name="mayBeMore">Whether the search was cut off by its count.</param>
    /// <returns>Whether the result stands; otherwise the search must be done again.</returns>
    public bool Select(IReadOnlyList<VectorHit> hits, ChunkSnapshot snapshot, bool mayBeMore)
    {
        var kept = new List<RetrievedChunk>(topK);
        bool droppedNew = false;
        bool droppedAny = false;
        for (int i = 0; i < hits.Count && kept.Count < topK; i++)
        {
            ChunkRef chunk = hits[i].Chunk;
            long current = snapshot.CurrentGeneration(chunk.Path);
            if (current == chunk.Generation && snapshot.Read(i, chunk) is { } stored)
            {
                kept.Add(new RetrievedChunk(
                    stored.Path, stored.Index, stored.StartLine, stored.EndLine, hits[i].Score, stored.Text, stored.Tokens, stored.Bytes));
                continue;
            }

            droppedAny = true;
            droppedNew |= _dropped.Add((chunk, current));
        }

        Chunks = kept;
        return !droppedNew && (kept.Count == topK || !droppedAny || !mayBeMore);
    }
}
