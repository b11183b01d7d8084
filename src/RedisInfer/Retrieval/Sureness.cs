using RedisInfer.Corpus;

namespace RedisInfer.Retrieval;

/// <summary>
/// Decides whether what was found is about the question at all, by the words it holds of the question and by how near it is. Nearness counts
/// in standard deviations of the cosines of unrelated questions, so it means the same with every embedding. Its zero is the largest of so
/// many cosines as the corpus has chunks: of n normal numbers that is some sqrt(2 ln n) deviations above the mean.
/// </summary>
/// <remarks>
/// Chosen on six sets of questions of the benchmark "quality", with all-MiniLM-L6-v2. Of 329 questions with an answer, 1 is declined, and 18 by
/// words alone; of 60 without one, 32 and 38. A minimum at which as many are declined as by words alone costs 6 of the 329.
/// </remarks>
internal static class Sureness
{
    // If even the best passage lacks the words that distinguish the question, the others lack them, too.
    private const double MinWordScore = 0.43;

    // If a vector was compared, too, fewer words are enough. A deviation is worth so much in words.
    private const double MinJointScore = 0.3;
    private const double WordScorePerDeviation = 0.6;

    // Of fewer chunks, chance would say nothing.
    private const int LeastChunks = 8;

    private const int BestHits = 5;

    /// <summary>Whether the search found something about the question.</summary>
    /// <param name="found">The search.</param>
    /// <param name="mode">How it searched.</param>
    public static bool IsEnough(CorpusSearch found, RetrievalMode mode)
    {
        double words = found.ByWords.Hits.Take(BestHits).Select(hit => hit.Score).DefaultIfEmpty(0).Max();

        // Vectors were not searched, or the question's is zero.
        if (found.ByVector.Hits.Count == 0)
            return words >= MinWordScore;
        if (found.Unrelated is not { } unrelated)
            return true;
        double nearest = found.Scores.Values.DefaultIfEmpty(-1).Max();
        double largest = Math.Sqrt(2 * Math.Log(Math.Max(LeastChunks, found.State.ChunkCount)));
        double excess = ((nearest - unrelated.Mean) / unrelated.Deviation) - largest;
        return mode == RetrievalMode.Vector ? excess >= 0 : words + (WordScorePerDeviation * excess) >= MinJointScore;
    }
}
