using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>
/// Keeps the hits of a search that are current in a snapshot, and decides whether to search again. One selection serves all searches of one
/// question. Not thread-safe.
/// </summary>
/// <param name="count">Most chunks to keep.</param>
/// <param name="filter">Decides about documents; <see langword="null"/>: all may be kept.</param>
internal sealed class HitSelection(int count, Func<ManifestEntry, bool>? filter)
{
    // Hits dropped so far, each with the generation that was current. A search that began after that generation became current saw all of
    // it. If such a search returns the same hit, no further search is needed for it.
    private readonly HashSet<(ChunkRef Hit, long Current)> _dropped = [];

    private List<Passage> _kept = [];
    private bool _droppedNew;
    private bool _droppedAny;

    /// <summary>Number of hits that are known not to be current.</summary>
    public int DroppedCount => _dropped.Count;

    /// <summary>The hits kept from the last search, best first.</summary>
    public IReadOnlyList<Passage> Passages => _kept;

    /// <summary>Whether the maximum number of hits is kept.</summary>
    public bool IsFull => _kept.Count == count;

    /// <summary>Starts with the hits of another search.</summary>
    public void Restart() => (_kept, _droppedNew, _droppedAny) = ([], false, false);

    /// <summary>Selects among hits. Drops what was kept before, so that everything kept is from one instant.</summary>
    /// <param name="hits">The hits, best first.</param>
    /// <param name="snapshot">The current state of the same hits, in the same order.</param>
    /// <param name="bar">What a passage needs.</param>
    /// <param name="wordScores">The cosine of the words of hits that were found by words.</param>
    public void Select(
        IReadOnlyList<ChunkRef> hits, ChunkSnapshot snapshot, PassageBar bar, IReadOnlyDictionary<ChunkRef, float> wordScores)
    {
        _kept = [];
        var copies = new CopyDetector();
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

            float wordScore = wordScores.GetValueOrDefault(hits[i]);
            if (bar.Admits(score, wordScore)
                && filter?.Invoke(current) != false
                && !Overlap.Covers(_kept, stored)
                && !copies.IsCopy(stored.Path, stored.Text, wordScore, _kept))
            {
                _kept.Add(stored.ToPassage(score));
            }
        }
    }

    /// <summary>Whether the result is final; otherwise the search must be repeated.</summary>
    /// <param name="mayBeMore">Whether the search was cut off at its maximum number of hits.</param>
    public bool IsComplete(bool mayBeMore) => !_droppedNew && (IsFull || !_droppedAny || !mayBeMore);
}
