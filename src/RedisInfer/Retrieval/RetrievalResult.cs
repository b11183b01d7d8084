using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>The passages for a question.</summary>
/// <param name="Passages">The passages, best first, then their neighbors.</param>
/// <param name="SearchTime">Time to search.</param>
/// <param name="LoadTime">Time to load the chunks found.</param>
internal sealed record RetrievalResult(IReadOnlyList<Passage> Passages, TimeSpan SearchTime, TimeSpan LoadTime)
{
    /// <summary>Time to embed the question.</summary>
    public TimeSpan EmbedTime { get; init; }
}
