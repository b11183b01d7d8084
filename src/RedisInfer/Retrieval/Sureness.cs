using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Retrieval;

/// <summary>
/// Decides whether what was found is about the question at all. One passage must be: by the words it holds of the question and by how near it
/// is, together. Nearness counts in standard deviations of the cosines of unrelated questions, so it means the same with every embedding. Its
/// zero is the largest of so many cosines as the corpus has chunks: of n normal numbers that is some sqrt(2 ln n) deviations above the mean.
/// </summary>
/// <remarks>
/// Chosen on six sets of questions of the benchmark "quality", with all-MiniLM-L6-v2. Of 329 questions with an answer, 4 are declined, and 18 by
/// words alone; of 60 without one, 39 and 38. If both constants of the joint score are chosen on five sets and tried on the sixth, it is 9 and 37.
/// The best words of all passages with the best nearness of all, which may be another's, decline 6 and 38.
/// </remarks>
internal static class Sureness
{
    // If even the best passage lacks the words that distinguish the question, the others lack them, too.
    private const double MinWordScore = 0.43;

    // If a vector was compared, too, fewer words are enough. A deviation is worth so much in words.
    private const double MinJointScore = 0.25;
    private const double WordScorePerDeviation = 0.4;

    // Of fewer chunks, chance would say nothing.
    private const int LeastChunks = 8;

    private const int BestHits = 5;

    /// <summary>Whether the search found something about the question.</summary>
    /// <param name="found">The search.</param>
    /// <param name="mode">How it searched.</param>
    public static bool IsEnough(CorpusSearch found, RetrievalMode mode)
    {
        // Vectors were not searched, or the question's is zero.
        if (found.ByVector.Hits.Count == 0)
            return found.ByWords.Hits.Take(BestHits).Any(hit => hit.Score >= MinWordScore);
        if (found.Unrelated is not { } unrelated)
            return true;
        double largest = Math.Sqrt(2 * Math.Log(Math.Max(LeastChunks, found.State.ChunkCount)));
        return found.Scores.Keys.Union(found.WordScores.Keys).Any(IsNearEnough);

        bool IsNearEnough(ChunkRef chunk)
        {
            double words = found.WordScores.GetValueOrDefault(chunk);

            // A passage whose vector is zero is judged by its words.
            if (!found.Scores.TryGetValue(chunk, out float cosine))
                return words >= MinWordScore;
            double excess = ((cosine - unrelated.Mean) / unrelated.Deviation) - largest;
            return mode == RetrievalMode.Vector ? excess >= 0 : words + (WordScorePerDeviation * excess) >= MinJointScore;
        }
    }
}
