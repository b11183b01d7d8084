using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// The connection that blocks travel on. Stored states only save time: where Redis is away that is logged and counted, nothing waits for it
/// for a while, and prompts are computed. Thread-safe.
/// </summary>
internal sealed partial class KvConnection(IRedisConnectionSource source, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly KvPause _pause = new(time);

    /// <summary>Whether an exception is Redis' own, or that of a connection the host has disposed of: <c>Failed</c> takes those.</summary>
    public static bool IsRedis(Exception exception) =>
        RedisErrors.IsRedis(exception) || exception is TimeoutException or ObjectDisposedException;

    /// <summary>Connects where need be.</summary>
    /// <returns>The database; <see langword="null"/> where Redis is away, or was a short while ago.</returns>
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

    /// <summary>Takes in that a command failed: nothing is asked of Redis for a while.</summary>
    /// <param name="exception">What it threw.</param>
    /// <param name="doing">What was being done, for the log.</param>
    public void Failed(Exception exception, string doing) => Failed(_pause, exception, doing);

    /// <summary>The same where only <paramref name="pause"/> begins: a server that takes no more values may still give those it has.</summary>
    public void Failed(KvPause pause, Exception exception, string doing) =>
        Pause(pause, RedisErrors.From(exception, source.Description, doing));

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private void Pause(KvPause pause, RedisInferException error)
    {
        if (pause.Begin())
            LogUnavailable(error.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Meanwhile prompts are computed where their states cannot be read.")]
    private partial void LogUnavailable(string problem);
}
