using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Retrieval;

/// <summary>
/// Joins rankings whose scores cannot be compared, by rank only (G. Cormack, C. Clarke, S. Buettcher, "Reciprocal Rank Fusion outperforms
/// Condorcet and individual Rank Learning Methods", 2009).
/// </summary>
internal static class RankFusion
{
    // The larger it is, the less the first ranks count over the later ones. The value is that of the paper.
    private const float RankOffset = 60;

    /// <summary>Joins two rankings.</summary>
    /// <param name="byVector">The first ranking, best first.</param>
    /// <param name="byWords">The second ranking, best first.</param>
    /// <returns>Every chunk once, best first. Equal scores are ordered by path, then by chunk.</returns>
    public static List<ChunkRef> Fuse(IReadOnlyList<ChunkHit> byVector, IReadOnlyList<ChunkHit> byWords)
    {
        var scores = new Dictionary<ChunkRef, float>();
        Count(byVector);
        Count(byWords);
        return
        [
            .. scores.OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key.Path, StringComparer.Ordinal)
                .ThenBy(entry => entry.Key.Index)
                .Select(entry => entry.Key),
        ];

        void Count(IReadOnlyList<ChunkHit> ranking)
        {
            for (int rank = 0; rank < ranking.Count; rank++)
            {
                ChunkRef chunk = ranking[rank].Chunk;
                scores[chunk] = scores.GetValueOrDefault(chunk) + (1 / (RankOffset + rank + 1));
            }
        }
    }
}
