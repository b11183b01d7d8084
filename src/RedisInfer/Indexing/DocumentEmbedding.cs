using RedisInfer.Corpus;
using RedisInfer.Embedding;
using RedisInfer.Errors;

namespace RedisInfer.Indexing;

/// <summary>
/// Embeds texts of documents. After a failure it embeds a short text that cannot be at fault. If that fails too, the embedding service is
/// away: its return is waited for. A text that fails again and again, while the short one does not, is at fault itself. Thread-safe.
/// </summary>
internal sealed class DocumentEmbedding(TextEmbedder embedder, OutageRetries retries)
{
    // The service may come back between a failure and the short text, so one failure proves nothing. A text that makes the service crash
    // fails each time.
    private const int MaxAttempts = 3;

    private static readonly string[] Probe = ["length"];

    // Repeated attempts come one after another. So a text that makes the service crash does not make those of other documents fail again.
    private readonly SemaphoreSlim _alone = new(1);

    // The service has been waited for in vain. Then other documents need not wait too: the run ends.
    private volatile RedisInferException? _gone;

    private readonly CosineSample _sample = new();

    /// <summary>
    /// Learns from what was embedded how near unrelated questions are. A failure costs no document: a later run learns it.
    /// </summary>
    /// <param name="store">The corpus.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task LearnAsync(CorpusStore store, CancellationToken cancellationToken)
    {
        try
        {
            await _sample.LearnAsync(store, embedder, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not ObjectDisposedException && !cancellationToken.IsCancellationRequested)
        {
            retries.LogNotLearned(e);
        }
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One vector per text.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.EmbeddingUnavailable"/>: the service does not come back. Any other exception is that of the generator,
    /// and concerns these texts.
    /// </exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (_gone is { } gone)
                throw new RedisInferException(gone.Code, gone.Message, gone.InnerException);
            try
            {
                IReadOnlyList<ReadOnlyMemory<float>> vectors = attempt == 1
                    ? await embedder.EmbedAsync(texts, cancellationToken).ConfigureAwait(false)
                    : await EmbedAloneAsync(texts, cancellationToken).ConfigureAwait(false);
                _sample.Add(vectors);
                return vectors;
            }
            catch (Exception e) when (retries.IsPatient && attempt < MaxAttempts && MayBeAway(e, cancellationToken))
            {
                await WaitUntilItEmbedsAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAloneAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        await _alone.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await embedder.EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _alone.Release();
        }
    }

    private async Task WaitUntilItEmbedsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await retries.RunAsync(ProbeAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.EmbeddingUnavailable)
        {
            _gone = e;
            throw;
        }

        async Task ProbeAsync()
        {
            try
            {
                await embedder.EmbedAsync(Probe, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (MayBeAway(e, cancellationToken))
            {
                throw Unavailable(e);
            }
        }
    }

    private RedisInferException Unavailable(Exception cause) => new(
        RedisInferErrorCode.EmbeddingUnavailable,
        $"The embedding generator '{embedder.Identity}' fails even for a short text: {cause.Message} Documents that are indexed stay. Check "
        + "that its service runs and can be reached, and index again.",
        cause);

    private static bool MayBeAway(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RedisInferException known => known.Code == RedisInferErrorCode.DecodeFailed,
        ObjectDisposedException or OutOfMemoryException => false,

        // A service that times out cancels as well.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => true,
    };
}
