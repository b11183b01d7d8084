namespace RedisInfer.Retrieval;

/// <summary>
/// Ranks the passages that a search found once more, by reading question and passage together. Members may be called from several
/// threads at once. Whoever made it disposes of it.
/// </summary>
public interface IReranker
{
    /// <summary>Scores passages.</summary>
    /// <param name="question">The question.</param>
    /// <param name="passages">The passages, best first as the search has them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One score a passage, in the same order; the higher, the better. No score is NaN.</returns>
    Task<IReadOnlyList<float>> ScoreAsync(
        string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken = default);
}
