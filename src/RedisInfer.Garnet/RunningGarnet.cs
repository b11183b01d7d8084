using System.Net.Sockets;
using Garnet;
using Microsoft.Extensions.Logging;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>A started server with all that belongs to it: folders, connection, checkpoints.</summary>
internal sealed class RunningGarnet : IAsyncDisposable
{
    // The server is in this process: a wait this long means a burst of work and not a broken network.
    private const int CommandTimeoutMs = 60_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly Stack<IDisposable> _held = new();
    private RedisConnectionSource? _source;
    private Checkpoints? _checkpoints;
    private Task _saving = Task.CompletedTask;

    private RunningGarnet()
    {
    }

    public IConnectionMultiplexer Connection { get; private set; } = null!;

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

    /// <summary>Saves, closes the connection, ends the server, and frees its folders, in this order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_checkpoints is not null)
            await _checkpoints.SaveAsync().ConfigureAwait(false);
        if (_source is not null)
            await _source.DisposeAsync().ConfigureAwait(false);
        while (_held.TryPop(out IDisposable? held))
            held.Dispose();
        _stop.Dispose();
    }

    private async Task OpenAsync(GarnetOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        DataFolder? data = options.InMemory ? null : Hold(DataFolder.Open(options.DataDirectory!));
        PrivateFolder home = Hold(PrivateFolder.Create(time));
        GarnetLog log = Hold(new GarnetLog(loggers));
        try
        {
            GarnetServer server = Hold(new GarnetServer(
                GarnetSettings.For(options, data?.Path ?? home.Path, home.SocketPath, log), log));
            server.Start();
        }
        catch (Exception e)
        {
            throw GarnetErrors.NotStarted(data?.Path, e);
        }

        var configuration = new ConfigurationOptions
        {
            EndPoints = { new UnixDomainSocketEndPoint(home.SocketPath) },
            AllowAdmin = true,
            AsyncTimeout = CommandTimeoutMs,
            SyncTimeout = CommandTimeoutMs,
            ConnectTimeout = CommandTimeoutMs,
        };
        ILogger logger = loggers.CreateLogger<EmbeddedGarnetServer>();
        _source = new RedisConnectionSource(configuration, logger);
        Connection = await _source.ConnectAsync().ConfigureAwait(false);
        if (data is not null)
        {
            _checkpoints = new Checkpoints(Connection.GetDatabase(), time, logger);
            _saving = _checkpoints.RunAsync(_stop.Token);
        }
    }

    private T Hold<T>(T held)
        where T : IDisposable
    {
        _held.Push(held);
        return held;
    }
}
