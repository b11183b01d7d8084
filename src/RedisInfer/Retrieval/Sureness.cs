using RedisInfer.Corpus;

namespace RedisInfer.Retrieval;

/// <summary>
/// Decides whether what was found is about the question at all. How near the best chunk is counts in standard deviations from unrelated
/// questions, so it means the same with every embedding. A small lack of nearness can be made up for by words.
/// </summary>
/// <remarks>
/// Chosen on the benchmark "quality": the questions without an answer that are declined, at most 2 of 100 others.
/// </remarks>
internal static class Sureness
{
    // If even the best passage lacks the words that distinguish the question, the others lack them, too.
    private const float MinBestWordScore = 0.4f;

    private const double WordScorePerDeviation = 0.08;
    private const double MinSum = 0.88;

    // For searches by vector alone.
    private const double MinDeviations = 4.5;

    private const int BestHits = 5;

    /// <summary>Whether the search found something about the question.</summary>
    /// <param name="found">The search.</param>
    /// <param name="mode">How it searched.</param>
    public static bool IsEnough(CorpusSearch found, RetrievalMode mode)
    {
        float words = found.ByWords.Hits.Take(BestHits).Select(hit => hit.Score).DefaultIfEmpty(0).Max();
        if (!found.HasVectors || mode == RetrievalMode.Lexical)
            return words >= MinBestWordScore;
        if (found.Unrelated is not { } unrelated)
            return true;
        double nearest = found.Scores.Values.DefaultIfEmpty(-1).Max();
        double deviations = (nearest - unrelated.Mean) / unrelated.Deviation;
        return mode == RetrievalMode.Vector
            ? deviations >= MinDeviations
            : (WordScorePerDeviation * deviations) + words >= MinSum;
    }
}
