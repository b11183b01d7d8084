namespace RedisInfer;

/// <summary>
/// Answers questions from the indexed documents. Thread-safe; concurrent requests share the batches of one decode loop. The
/// <see cref="RagRuntime"/> that created it disposes of it.
/// </summary>
public interface IRagGenerator
{
    /// <summary>Answers a question and returns the complete answer.</summary>
    /// <param name="request">The question and its settings.</param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>The complete answer.</returns>
    /// <exception cref="ArgumentException">The question is empty, or a setting of the request is invalid.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// The code is one of these, or one of <see cref="RagRuntime.WarmUpAsync"/> if a part is loaded now:
    /// <list type="bullet">
    /// <item><see cref="Errors.RedisInferErrorCode.QueueFull"/>: the queue is full.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.ContextTooLong"/>: the question is too long, or it and the best passage do not fit into
    /// the context.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.InvalidOptions"/>: the retrieval mode is Vector, but there is no embedding.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>: Redis is not available.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: the index was made with other settings.</item>
    /// </list>
    /// </exception>
    Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default);

    /// <summary>Answers a question and returns the text as it is generated. To cancel the request, end the enumeration.</summary>
    /// <param name="request">The question and its settings.</param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>In order: one update with the passages, updates with generated text, and one update with the complete answer.</returns>
    /// <exception cref="ArgumentException">The question is empty, or a setting of the request is invalid.</exception>
    /// <exception cref="Errors.RedisInferException">As for <see cref="GenerateAsync"/>.</exception>
    IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default);
}
