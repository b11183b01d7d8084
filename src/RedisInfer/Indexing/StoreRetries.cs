using Microsoft.Extensions.Logging;
using RedisInfer.Errors;

namespace RedisInfer.Indexing;

/// <summary>
/// Repeats calls of the store while it is not available, after waits that double from one second. So an outage of half a minute does not
/// end a run of hours. Thread-safe.
/// </summary>
/// <param name="maxRetries">Most repetitions of a call.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives a warning before each repetition.</param>
internal sealed partial class StoreRetries(int maxRetries, TimeProvider time, ILogger logger)
{
    /// <summary>For a run over many documents: waits of 31 seconds, next to the time-outs of the calls.</summary>
    public const int MaxOfARun = 5;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call. It may be repeated, so its first attempt may have succeeded unnoticed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StoreUnavailable"/> after the last repetition. Any other error at once.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (int retry = 1; ; retry++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StoreUnavailable && retry <= maxRetries)
            {
                TimeSpan wait = FirstWait * (1 << (retry - 1));
                LogRetry(logger, wait.TotalSeconds, retry, maxRetries, e.Message);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The store is not available. Trying again in {Seconds} s (retry {Retry} of {MaxRetries}). {Problem}")]
    private static partial void LogRetry(ILogger logger, double seconds, int retry, int maxRetries, string problem);
}
