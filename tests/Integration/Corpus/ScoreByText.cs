using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>A re-ranker that scores a passage by its text alone.</summary>
internal sealed class ScoreByText(Func<string, float> score) : IReranker
{
    /// <summary>The number of passages in the last call.</summary>
    public int Asked { get; private set; }

    public Task<IReadOnlyList<float>> ScoreAsync(
        string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken = default)
    {
        Asked = passages.Count;
        return Task.FromResult<IReadOnlyList<float>>([.. passages.Select(passage => score(passage.Text))]);
    }
}
