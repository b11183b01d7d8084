using RedisInfer.Corpus;

namespace RedisInfer.Retrieval;

/// <summary>What a passage needs to be retrieved: one of two scores.</summary>
/// <param name="MinScore">Minimum of the score, -1 to 1.</param>
/// <param name="MinWordScore">Minimum of the cosine of the words, 0 to 1; more if words alone are not enough.</param>
internal sealed record PassageBar(double MinScore, double MinWordScore)
{
    // Measured with the benchmark "quality". Passages that share words with a question but do not answer it mostly score below
    // LeastWordScore.
    private const double LeastWordScore = 0.33;
    private const double Never = 2;

    // Without a learned value: what is at a right angle to the question says nothing about it.
    private const double LeastCosine = 0.05;

    /// <summary>The bar for the passages of a search.</summary>
    /// <param name="minScore">The minimum that the caller has set; <see langword="null"/>: what was learned or measured.</param>
    /// <param name="found">The search.</param>
    public static PassageBar Of(float? minScore, CorpusSearch found) =>
        minScore is { } set ? new PassageBar(set, Never)
        : found.HasVectors ? new PassageBar(found.Unrelated?.Mean ?? LeastCosine, LeastWordScore)
        : new PassageBar(LeastWordScore, Never);

    /// <summary>Whether a passage is retrieved.</summary>
    public bool Admits(float score, float wordScore) => score >= MinScore || wordScore >= MinWordScore;
}
