using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>A re-ranker that looks at the passage alone.</summary>
internal sealed class ScoreByText(Func<string, float> score) : IReranker
{
    /// <summary>Passages it was given.</summary>
    public int Asked { get; private set; }

    public Task<IReadOnlyList<float>> ScoreAsync(
        string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken = default)
    {
        Asked = passages.Count;
        return Task.FromResult<IReadOnlyList<float>>([.. passages.Select(passage => score(passage.Text))]);
    }
}
