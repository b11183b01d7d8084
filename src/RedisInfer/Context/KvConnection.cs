using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Context;

/// <summary>
/// The connection that blocks travel on. Stored states only save time: where Redis is away that is logged and counted, nothing waits for it
/// for a while, and prompts are computed. Thread-safe.
/// </summary>
internal sealed partial class KvConnection(IRedisConnectionSource source, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // A connection attempt may take seconds, and every question would wait for it.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private long _failedAt;

    /// <summary>Connects where need be.</summary>
    /// <returns>The database; <see langword="null"/> where Redis is away, or was a short while ago.</returns>
    public async ValueTask<IDatabase?> TryConnectAsync(CancellationToken cancellationToken)
    {
        long failedAt = Interlocked.Read(ref _failedAt);
        if (failedAt != 0 && time.GetElapsedTime(failedAt) < RetryInterval)
            return null;

        try
        {
            return (await source.ConnectAsync(cancellationToken).ConfigureAwait(false)).GetDatabase();
        }
        catch (RedisInferException e)
        {
            Failed(e);
            return null;
        }
    }

    /// <summary>Whether an exception is Redis' own, which <see cref="Failed(Exception, string)"/> takes.</summary>
    public static bool IsRedis(Exception exception) => RedisErrors.IsRedis(exception) || exception is TimeoutException;

    /// <summary>Takes in that a command failed.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="doing">What was being done, for the log.</param>
    public void Failed(Exception exception, string doing) => Failed(RedisErrors.From(exception, source.Description, doing));

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void Failed(RedisInferException error)
    {
        long now = time.GetTimestamp();
        long before = Interlocked.Exchange(ref _failedAt, now == 0 ? 1 : now);
        if (before == 0 || time.GetElapsedTime(before, now) >= RetryInterval)
            LogUnavailable(error.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Until it is back, prompts are computed instead of being read from there.")]
    private partial void LogUnavailable(string problem);
}
