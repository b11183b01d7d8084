using Microsoft.Extensions.Logging;
using RedisInfer.Errors;

namespace RedisInfer.Indexing;

/// <summary>
/// Repeats calls of the store, or of an embedding service, while it is not available, after waits that double from one second. So an outage
/// of half a minute does not end a run of hours. Thread-safe.
/// </summary>
/// <param name="maxRetries">Most repetitions of a call.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives a warning before each repetition.</param>
/// <param name="waiting">Receives each repetition before its wait; <see langword="null"/>: only the log does.</param>
internal sealed partial class OutageRetries(int maxRetries, TimeProvider time, ILogger logger, Action<IndexingRetry>? waiting = null)
{
    /// <summary>For a run over many documents: waits of 31 seconds, next to the time-outs of the calls.</summary>
    public const int MaxOfARun = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Whether calls are repeated at all.</summary>
    public bool IsPatient => maxRetries > 0;

    /// <summary>Calls the store or the embedding service.</summary>
    /// <param name="call">The call. It may be repeated, so its first attempt may have succeeded unnoticed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StoreUnavailable"/> or <see cref="RedisInferErrorCode.EmbeddingUnavailable"/> after the last repetition.
    /// Any other error at once.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (int retry = 1; ; retry++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (RedisInferException e) when (IsOutage(e) && retry <= maxRetries)
            {
                TimeSpan wait = FirstWait * (1 << (retry - 1));
                LogRetry(logger, wait.TotalSeconds, retry, maxRetries, e.Message);
                waiting?.Invoke(new IndexingRetry(retry, maxRetries, wait, e.Message));
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<Task> call, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>Logs that a run could not learn from what it embedded.</summary>
    public void LogNotLearned(Exception problem) => LogNotLearned(logger, problem, problem.Message);

    private static bool IsOutage(RedisInferException e) =>
        e.Code is RedisInferErrorCode.StoreUnavailable or RedisInferErrorCode.EmbeddingUnavailable;

    [LoggerMessage(
        EventId = 310, Level = LogLevel.Warning,
        Message = "Indexing waits. Trying again in {Seconds} s (retry {Retry} of {MaxRetries}). {Problem}")]
    private static partial void LogRetry(ILogger logger, double seconds, int retry, int maxRetries, string problem);

    [LoggerMessage(
        EventId = 311, Level = LogLevel.Warning,
        Message = "How near unrelated questions are to the corpus could not be learned, so fewer are declined. The next run learns it. {Problem}")]
    private static partial void LogNotLearned(ILogger logger, Exception exception, string problem);
}
