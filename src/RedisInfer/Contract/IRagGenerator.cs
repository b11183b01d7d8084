using System.Text.Json.Serialization.Metadata;

namespace RedisInfer;

/// <summary>
/// Answers questions from the indexed documents. Thread-safe; concurrent requests share the batches of one decode loop. The
/// <see cref="RagRuntime"/> that created it disposes of it.
/// </summary>
public interface IRagGenerator
{
    /// <summary>
    /// Answers a question and returns the complete answer. A generator of your own need not implement it: by default, it reads
    /// <see cref="GenerateStreamingAsync"/> to its end.
    /// </summary>
    /// <param name="request">The question and its settings.</param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>The complete answer.</returns>
    /// <exception cref="ArgumentException">The question is empty, or a setting of the request is invalid.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// The code is one of these, or one of <see cref="RagRuntime.WarmUpAsync"/> if a part is loaded now:
    /// <list type="bullet">
    /// <item><see cref="Errors.RedisInferErrorCode.QueueFull"/>: the queue is full.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.ContextTooLong"/>: the question is too long, or it and the best passage do not fit into
    /// the context. Or the shortest answer in the <see cref="RagRequest.ResponseFormat"/> needs more tokens than it may have.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.InvalidOptions"/>: the retrieval mode is Vector, but there is no embedding.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>: Redis is not available.</item>
    /// <item><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: the index was made with other settings.</item>
    /// </list>
    /// </exception>
    async Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        RagAnswer? answer = null;
        await foreach (RagUpdate update in GenerateStreamingAsync(request, cancellationToken).ConfigureAwait(false))
        {
            answer = update.Answer;
        }

        return answer!;
    }

    /// <summary>
    /// Answers a question with a value. The model can write only text that is a value of the type, whatever it was trained for. A generator of
    /// your own need not implement it: by default, it asks <see cref="GenerateAsync(RagRequest, CancellationToken)"/> for JSON.
    /// </summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="request">The question and its settings, without <see cref="RagRequest.ResponseFormat"/>.</param>
    /// <param name="type">
    /// Source-generated metadata of the type, or that of <see cref="System.Text.Json.JsonSerializerOptions.GetTypeInfo(Type)"/>. The names of
    /// properties tell the model what to write.
    /// </param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>The value, its citations and the answer.</returns>
    /// <exception cref="ArgumentException">
    /// As for <see cref="GenerateAsync(RagRequest, CancellationToken)"/>, or the type has a part that no grammar can express.
    /// </exception>
    /// <exception cref="Errors.RedisInferException">As for <see cref="GenerateAsync(RagRequest, CancellationToken)"/>.</exception>
    Task<RagAnswer<T>> GenerateAsync<T>(RagRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken = default) =>
        TypedAnswers.AskAsync(this, request, type, cancellationToken);

    /// <summary>Answers a question and returns the text as it is generated. To cancel the request, end the enumeration.</summary>
    /// <param name="request">The question and its settings.</param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>In order: one update with the passages, updates with generated text, and one update with the complete answer.</returns>
    /// <exception cref="ArgumentException">The question is empty, or a setting of the request is invalid.</exception>
    /// <exception cref="Errors.RedisInferException">As for <see cref="GenerateAsync(RagRequest, CancellationToken)"/>.</exception>
    IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default);
}
