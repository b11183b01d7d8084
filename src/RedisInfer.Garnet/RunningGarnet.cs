using System.Net.Sockets;
using Garnet;
using Garnet.server;
using Microsoft.Extensions.Logging;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>A started server with its folders, connection and checkpoints.</summary>
internal sealed class RunningGarnet : IAsyncDisposable
{
    // The server is in this process: a wait this long means a burst of work, not a broken network.
    private const int CommandTimeoutMs = 60_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Stack<IDisposable> _held = new();
    private RedisConnectionSource? _source;
    private Checkpoints? _checkpoints;
    private Task _saving = Task.CompletedTask;

    // The first user of the cache starts it. It uses the server's folders and log.
    private readonly Lock _cacheGate = new();
    private Func<GarnetCache>? _startCache;
    private Task<GarnetCache>? _cache;

    private RunningGarnet()
    {
    }

    public IConnectionMultiplexer Connection { get; private set; } = null!;

    /// <summary>The cache server. All callers share one start. It stops with this server.</summary>
    public Task<GarnetCache> GetCacheAsync()
    {
        lock (_cacheGate)
        {
            ObjectDisposedException.ThrowIf(_startCache is null, typeof(EmbeddedGarnetServer));
            if (_cache is null or { IsFaulted: true })
                _cache = Task.Run(_startCache);
            return _cache;
        }
    }

    /// <summary>Configuration of a connection to a server in this process.</summary>
    public static ConfigurationOptions ConfigurationFor(string socketPath) => new()
    {
        EndPoints = { new UnixDomainSocketEndPoint(socketPath) },
        AsyncTimeout = CommandTimeoutMs,
        SyncTimeout = CommandTimeoutMs,
        ConnectTimeout = CommandTimeoutMs,
    };

    public static async Task<RunningGarnet> StartAsync(GarnetOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        var running = new RunningGarnet();
        try
        {
            await running.OpenAsync(options, loggers, time).ConfigureAwait(false);
            return running;
        }
        catch
        {
            await running.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Saves the data, closes the connection, stops the server, and frees its folders, in this order.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await EndCacheAsync().ConfigureAwait(false);
            await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_checkpoints is not null)
                await _checkpoints.SaveAsync().ConfigureAwait(false);
            if (_source is not null)
                await _source.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            // Even if saving failed: a folder that stays locked could not be opened again.
            while (_held.TryPop(out IDisposable? held))
                held.Dispose();
            _stop.Dispose();
        }
    }

    private async Task OpenAsync(GarnetOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ILogger logger = loggers.CreateLogger<EmbeddedGarnetServer>();
        DataFolder? data = options.InMemory ? null : Hold(DataFolder.Open(options.DataDirectory!, logger));
        PrivateFolder home = Hold(PrivateFolder.Create(time));
        GarnetLog log = Hold(new GarnetLog(loggers));
        try
        {
            GarnetServerOptions settings = GarnetSettings.For(options, data?.Path ?? home.Path, home.SocketPath, log);
            GarnetServer server = Hold(new GarnetServer(settings, log, [new GarnetListener(settings, log)]));
            server.Start();
        }
        catch (Exception e)
        {
            throw GarnetErrors.NotStarted(data?.Path, e);
        }

        _source = new RedisConnectionSource(ConfigurationFor(home.SocketPath), logger);
        Connection = await _source.ConnectAsync().ConfigureAwait(false);
        if (data is not null)
        {
            _checkpoints = new Checkpoints(Connection.GetDatabase(), time, logger);
            _saving = _checkpoints.RunAsync(_stop.Token);
        }

        string cacheFolder = Path.Combine(data?.Path ?? home.Path, "cache");
        _startCache = () => GarnetCache.Start(options.CacheBytes, cacheFolder, home.CacheSocketPath, log, time);
    }

    private async Task EndCacheAsync()
    {
        Task<GarnetCache>? cache;
        lock (_cacheGate)
        {
            _startCache = null;
            cache = _cache;
        }

        if (cache is null)
            return;
        await ((Task)cache).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cache.IsCompletedSuccessfully)
            await (await cache.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private T Hold<T>(T held)
        where T : IDisposable
    {
        _held.Push(held);
        return held;
    }
}
