namespace RedisInfer.Retrieval;

/// <summary>
/// Scores retrieved passages again, typically with a model that reads question and passage together. Implementations must be thread-safe.
/// The code that created a re-ranker disposes of it.
/// </summary>
public interface IReranker
{
    /// <summary>Scores passages.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passages">The passages, best first by the search.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One score per passage, in the same order; higher is better. No score may be NaN.</returns>
    Task<IReadOnlyList<float>> ScoreAsync(
        string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken = default);
}
