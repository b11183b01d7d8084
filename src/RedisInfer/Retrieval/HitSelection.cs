using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>
/// Keeps of the hits of a search what a snapshot calls current, and decides whether another search is needed. Not thread-safe;
/// one for the searches of one question.
/// </summary>
/// <param name="count">Most chunks to keep.</param>
/// <param name="minScore">Least cosine similarity.</param>
/// <param name="filter">Decides about documents; <see langword="null"/>: all may be kept.</param>
internal sealed class HitSelection(int count, float minScore, Func<ManifestEntry, bool>? filter)
{
    // Hits dropped so far, with the generation that was current. A search that began after that generation was seen to be current
    // saw all of it, so such a hit does not ask for yet another search.
    private readonly HashSet<(ChunkRef Hit, long Current)> _dropped = [];

    private List<Passage> _kept = [];
    private bool _droppedNew;
    private bool _droppedAny;

    /// <summary>How many hits are known not to be current.</summary>
    public int DroppedCount => _dropped.Count;

    /// <summary>What was kept of the last search, best first.</summary>
    public IReadOnlyList<Passage> Passages => _kept;

    /// <summary>Whether as many were kept as may be.</summary>
    public bool IsFull => _kept.Count == count;

    /// <summary>Begins with the hits of another search.</summary>
    public void Restart() => (_kept, _droppedNew, _droppedAny) = ([], false, false);

    /// <summary>Selects among hits; what was kept before is forgotten, so that all that is kept is of one instant.</summary>
    /// <param name="hits">The hits, best first.</param>
    /// <param name="snapshot">What is current, for the same hits in the same order.</param>
    public void Select(IReadOnlyList<ChunkRef> hits, ChunkSnapshot snapshot)
    {
        _kept = [];
        for (int i = 0; i < hits.Count && !IsFull; i++)
        {
            ManifestEntry? current = snapshot.Current(hits[i].Path);
            if (current?.PositionOf(hits[i]) is not { } position || snapshot.Read(i) is not { } read)
            {
                _droppedAny = true;
                _droppedNew |= _dropped.Add((hits[i], current?.Generation ?? 0));
                continue;
            }

            StoredChunk stored = current.Place(read, position);

            // A missing score usually means that the document has just changed, so search again. If it is missing again, the chunk's
            // embedding is a zero vector: score it 0.
            if (snapshot.Score(i) is not { } score)
            {
                if (_dropped.Add((hits[i], current.Generation)))
                {
                    _droppedAny = true;
                    _droppedNew = true;
                    continue;
                }

                score = 0;
            }

            if (score >= minScore && filter?.Invoke(current) != false && !Overlap.Covers(_kept, stored))
                _kept.Add(stored.ToPassage(score));
        }
    }

    /// <summary>Whether the result stands; otherwise the search must be done again.</summary>
    /// <param name="mayBeMore">Whether the search was cut off by its count.</param>
    public bool IsComplete(bool mayBeMore) => !_droppedNew && (IsFull || !_droppedAny || !mayBeMore);
}
