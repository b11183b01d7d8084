using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// The connection for blocks. Stored states only save time. If Redis is unavailable, that is logged and counted, Redis is not used for a
/// while, and prompts are prefilled. Thread-safe.
/// </summary>
internal sealed partial class KvConnection(IRedisConnectionSource source, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly KvPause _pause = new(time);

    /// <summary>Whether an exception is from Redis, or from a connection that the host disposed of. <c>Failed</c> accepts these.</summary>
    public static bool IsRedis(Exception exception) =>
        RedisErrors.IsRedis(exception) || exception is TimeoutException or ObjectDisposedException;

    /// <summary>Connects if necessary.</summary>
    /// <returns>The database; <see langword="null"/> if Redis is unavailable, or was a short while ago.</returns>
    public async ValueTask<IDatabase?> TryConnectAsync(CancellationToken cancellationToken)
    {
        if (_pause.IsOn)
            return null;

        try
        {
            return (await source.ConnectAsync(cancellationToken).ConfigureAwait(false)).GetDatabase();
        }
        catch (RedisInferException e)
        {
            Pause(_pause, e);
            return null;
        }
        catch (ObjectDisposedException e)
        {
            Failed(e, "connecting to it");
            return null;
        }
    }

    /// <summary>Notes that a command failed: Redis is not used for a while.</summary>
    /// <param name="exception">The exception that it threw.</param>
    /// <param name="doing">What was being done, for the log.</param>
    public void Failed(Exception exception, string doing) => Failed(_pause, exception, doing);

    /// <summary>The same, but only begins <paramref name="pause"/>: a server that accepts no new values may still return others.</summary>
    public void Failed(KvPause pause, Exception exception, string doing) =>
        Pause(pause, RedisErrors.From(exception, source.Description, doing));

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void Pause(KvPause pause, RedisInferException error)
    {
        if (pause.Begin())
            LogUnavailable(error.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Meanwhile, prompts are prefilled if their KV states cannot be loaded.")]
    private partial void LogUnavailable(string problem);
}
