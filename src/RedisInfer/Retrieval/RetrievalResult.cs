using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>The passages for a question.</summary>
/// <param name="Passages">The passages, best first, then their neighbors.</param>
/// <param name="SearchTime">Duration of the searches.</param>
/// <param name="LoadTime">Duration of loading the chunks.</param>
internal sealed record RetrievalResult(IReadOnlyList<Passage> Passages, TimeSpan SearchTime, TimeSpan LoadTime)
{
    /// <summary>The question as the model rewrote it; <see langword="null"/> if it did not.</summary>
    public string? Rewritten { get; init; }

    /// <summary>Duration of the rewriting.</summary>
    public TimeSpan RewriteTime { get; init; }

    /// <summary>Duration of embedding the question.</summary>
    public TimeSpan EmbedTime { get; init; }

    /// <summary>Duration of re-ranking the passages.</summary>
    public TimeSpan RerankTime { get; init; }
}
