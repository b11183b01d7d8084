namespace RedisInfer;

/// <summary>
/// Answers questions from the indexed documents. Members may be called from any number of threads at once; requests are
/// batched on one decode loop. The runtime that made it disposes of it.
/// </summary>
public interface IRagGenerator
{
    /// <summary>Answers a question.</summary>
    /// <param name="request">The question, and how to answer it.</param>
    /// <param name="cancellationToken">Cancels the request and frees what it holds.</param>
    /// <returns>The whole answer.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// The queue is full, the question does not fit, Redis is away, the index was made with other settings.
    /// </exception>
    Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default);

    /// <summary>Answers a question piece by piece. Leaving the enumeration cancels the request.</summary>
    /// <param name="request">The question, and how to answer it.</param>
    /// <param name="cancellationToken">Cancels the request and frees what it holds.</param>
    /// <returns>
    /// Updates in order: first one that bears the passages, then text as it is generated, and one that bears the whole answer.
    /// </returns>
    /// <exception cref="Errors.RedisInferException">As for <see cref="GenerateAsync"/>.</exception>
    IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default);
}
