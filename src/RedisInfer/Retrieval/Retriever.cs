using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>
/// Searches a corpus as one snapshot: every chunk it returns belongs to the generation of its document that was current at
/// one instant. Members may be called from several threads at once.
/// </summary>
/// <param name="store">The corpus.</param>
/// <param name="time">Measures the times.</param>
internal sealed class Retriever(CorpusStore store, TimeProvider time)
{
    /// <summary>Finds the chunks nearest to a question.</summary>
    /// <param name="query">The question's embedding.</param>
    /// <param name="topK">Most chunks to return, at least 1.</param>
    /// <param name="minScore">Least cosine similarity, -1 to 1.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks, best first.</returns>
    public Task<RetrievalResult> SearchAsync(
        ReadOnlyMemory<float> query, int topK, float minScore, CancellationToken cancellationToken)
    {
        _ = (store, time);
        throw new NotImplementedException();
    }
}
