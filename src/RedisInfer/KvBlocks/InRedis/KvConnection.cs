using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// The connection for blocks. Stored states only save time. If Redis is unavailable, or a part of the host that connects or loads fails,
/// that is logged, Redis is not used for a while, and prompts are prefilled. Thread-safe.
/// </summary>
internal sealed partial class KvConnection(IRedisConnectionSource source, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly KvPause _pause = new(time);

    /// <summary>
    /// Whether an exception means that blocks are missed. The source of the connection and the loader may be the host's and throw anything.
    /// Only two kinds are passed on: the caller's cancellation, and what only a mistake in code throws.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public static bool IsMiss(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        ArgumentException or NullReferenceException or IndexOutOfRangeException or InvalidCastException or NotImplementedException => false,
        _ => true,
    };

    /// <summary>Connects if necessary.</summary>
    /// <returns>The database; <see langword="null"/> if Redis is unavailable, or was a short while ago.</returns>
    public async ValueTask<IDatabase?> TryConnectAsync(CancellationToken cancellationToken)
    {
        if (_pause.IsOn)
            return null;

        try
        {
            IConnectionMultiplexer connection = await source.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return RepliesOnOwnThreads.Of(connection.GetDatabase());
        }
        catch (Exception e) when (IsMiss(e, cancellationToken))
        {
            Failed(e, "connecting to it");
            return null;
        }
    }

    /// <summary>Notes that an operation failed: Redis is not used for a while.</summary>
    /// <param name="exception">The exception that it threw.</param>
    /// <param name="doing">What was being done, for the log.</param>
    public void Failed(Exception exception, string doing) => Failed(_pause, exception, doing);

    /// <summary>The same, but only begins <paramref name="pause"/>: a server that accepts no new values may still return others.</summary>
    public void Failed(KvPause pause, Exception exception, string doing)
    {
        if (!pause.Begin())
            return;
        if (exception is RedisInferException)
            LogUnavailable(exception.Message);
        else if (RedisErrors.IsRedis(exception) || exception is TimeoutException or ObjectDisposedException)
            LogUnavailable(RedisErrors.From(exception, source.Description, doing).Message);
        else
            LogUnexpected(exception, source.Description, doing);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    [LoggerMessage(EventId = 550, Level = LogLevel.Warning, Message = "{Problem} Meanwhile, prompts are prefilled if their KV states cannot be loaded.")]
    private partial void LogUnavailable(string problem);

    [LoggerMessage(
        EventId = 551, Level = LogLevel.Warning,
        Message = "{Redis} is not used for a while: {Doing} failed. Meanwhile, prompts are prefilled if their KV states cannot be "
            + "loaded.")]
    private partial void LogUnexpected(Exception exception, string redis, string doing);
}
