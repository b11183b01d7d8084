using Garnet;
using Garnet.server;
using Microsoft.Extensions.Logging;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>
/// A second server next to the one with the data, for values that may be dropped. Its disk space is limited, and the oldest values are
/// evicted first. So these values never push documents out of memory. Survives restarts.
/// </summary>
internal sealed partial class GarnetCache : IAsyncDisposable
{
    private readonly GarnetServer _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private GarnetCache(GarnetServer server, string socketPath, TimeProvider time, ILogger logger)
    {
        _server = server;
        _time = time;
        _logger = logger;
        SocketPath = socketPath;
    }

    public string SocketPath { get; }

    /// <summary>Starts with the data in the folder. If that cannot be read, starts with an empty folder.</summary>
    /// <exception cref="Errors.RedisInferException">It cannot start with an empty folder either.</exception>
    public static GarnetCache Start(long cacheBytes, string folder, string socketPath, ILoggerFactory loggers, TimeProvider time)
    {
        ILogger logger = loggers.CreateLogger("Cache");
        try
        {
            return new GarnetCache(StartOrEmpty(), socketPath, time, logger);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw GarnetErrors.CacheNotStarted(folder, e);
        }

        GarnetServer StartOrEmpty()
        {
            try
            {
                return StartServer();
            }
            catch (Exception e) when (Directory.Exists(folder) && e is not OutOfMemoryException)
            {
                LogEmptied(logger, folder, e);
                Directory.Delete(folder, recursive: true);
                return StartServer();
            }
        }

        GarnetServer StartServer()
        {
            GarnetServerOptions settings = GarnetSettings.ForCache(cacheBytes, folder, socketPath, loggers);
            var server = new GarnetServer(settings, loggers, [new GarnetListener(settings, loggers)]);
            try
            {
                server.Start();
                return server;
            }
            catch
            {
                server.Dispose();
                throw;
            }
        }
    }

    /// <summary>Saves the data and stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var source = new RedisConnectionSource(RunningGarnet.ConfigurationFor(SocketPath));
            await Checkpoints.SaveAsync((await source.ConnectAsync().ConfigureAwait(false)).GetDatabase(), _time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or Errors.RedisInferException)
        {
            LogNotSaved(e);
        }
        finally
        {
            _server.Dispose();
        }
    }

    [LoggerMessage(EventId = 920, Level = LogLevel.Warning, Message = "The cache in {Folder} cannot be read. It starts empty.")]
    private static partial void LogEmptied(ILogger logger, string folder, Exception error);

    [LoggerMessage(EventId = 921, Level = LogLevel.Warning, Message = "The last seconds of the cache could not be saved.")]
    private partial void LogNotSaved(Exception error);
}
