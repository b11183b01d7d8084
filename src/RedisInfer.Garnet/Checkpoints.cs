using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>
/// Takes a checkpoint when writing has paused, and at the end. The append-only file contains all data, too, but its replay rebuilds the
/// vector graphs. That takes a minute for 30,000 vectors; a checkpoint is read in a second.
/// </summary>
internal sealed partial class Checkpoints(IDatabase database, TimeProvider time, ILogger logger)
{
    private const long WorthwhileBytes = 1 << 20;
    private const int SaveAttempts = 600;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SaveRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>Every few seconds, takes a checkpoint if there is enough to save and writing has paused. Runs until canceled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        long lastTail = -1;
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                (long begin, long tail) = await ReadLogBoundsAsync().ConfigureAwait(false);
                if (tail == lastTail && tail - begin >= WorthwhileBytes)
                    await database.ExecuteAsync("BGSAVE").ConfigureAwait(false);
                lastTail = tail;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                NotSaved(e);
            }
        }
    }

    /// <summary>Saves everything now, so that the next start is quick.</summary>
    public async Task SaveAsync()
    {
        try
        {
            (long begin, long tail) = await ReadLogBoundsAsync().ConfigureAwait(false);
            if (tail > begin)
                await SaveAsync(database, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            NotSaved(e);
        }
    }

    /// <summary>Takes a checkpoint. If another one is running, waits for it first.</summary>
    internal static async Task SaveAsync(IDatabase database, TimeProvider time)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await database.ExecuteAsync("SAVE").ConfigureAwait(false);
                return;
            }
            catch (RedisServerException e) when (e.Message.Contains("in progress", StringComparison.Ordinal) && attempt < SaveAttempts)
            {
                await Task.Delay(SaveRetry, time).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Range of the append-only file that a start would replay, in bytes since the folder was created.</summary>
    internal async Task<(long Begin, long Tail)> ReadLogBoundsAsync()
    {
        string info = (string?)await database.ExecuteAsync("INFO", "PERSISTENCE").ConfigureAwait(false) ?? "";
        return (Number(info, "BeginAddress"), Number(info, "TailAddress"));
    }

    private static long Number(string info, string name)
    {
        foreach (ReadOnlySpan<char> line in info.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line[name.Length..].StartsWith(":", StringComparison.Ordinal))
                return long.Parse(line[(name.Length + 1)..], NumberStyles.Integer, CultureInfo.InvariantCulture);
        }

        return 0;
    }

    [LoggerMessage(EventId = 910, Level = LogLevel.Warning, Message = "Garnet took no checkpoint. Its data is safe, but its next start takes longer")]
    private partial void NotSaved(Exception exception);
}
