namespace RedisInfer.Retrieval;

/// <summary>A re-ranker of the host. It may block, so it runs on a thread of the host's pool.</summary>
/// <param name="reranker">The host's.</param>
internal sealed class HostReranker(IReranker reranker) : IReranker
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<float>> ScoreAsync(string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken) =>
        Task.Run(() => reranker.ScoreAsync(question, passages, cancellationToken), cancellationToken);
}
