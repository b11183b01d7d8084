using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>
/// A Redis-compatible server inside this process, which no other process can reach. Starts at the first <see cref="ConnectAsync"/>: in well
/// under a second on an empty folder or after a clean stop. Disposal saves the data and stops the server. Thread-safe.
/// </summary>
/// <remarks>
/// Never put VADD or VREM into MULTI: Garnet then hangs. If <see cref="GarnetOptions.DataDirectory"/> is set, vector sets, strings, hashes
/// and times to live survive a restart and a killed process.
/// </remarks>
public sealed class EmbeddedGarnetServer : IRedisConnectionSource
{
    private readonly Lock _gate = new();
    private readonly GarnetOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private Task<RunningGarnet>? _running;
    private bool _disposed;

    /// <summary>Prepares a server. Starts nothing yet.</summary>
    /// <param name="options">The options. They are copied; later changes have no effect.</param>
    /// <param name="loggerFactory">
    /// Receives Garnet's log, in categories that start with <c>Garnet.</c>; <see langword="null"/>: no log.
    /// </param>
    /// <param name="timeProvider">The clock; <see langword="null"/>: the system clock.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.InvalidOptions"/>: the message lists every problem.</exception>
    public EmbeddedGarnetServer(GarnetOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } problems)
            throw GarnetErrors.InvalidOptions(problems);

        _options = options.Copy();
        _loggers = loggerFactory ?? NullLoggerFactory.Instance;
        _time = timeProvider ?? TimeProvider.System;
        Description = _options.InMemory ? "the embedded Garnet in memory" : $"the embedded Garnet in '{_options.DataDirectory}'";
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public long? InProcessMemoryBytes => GarnetSettings.MemoryBytes(_options);

    /// <summary>Starts the server if it is not running, and connects to it. After a failure, the next call tries again.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller. The start continues for others.</param>
    /// <returns>The one connection. It allows admin commands. Do not dispose of it.</returns>
    /// <exception cref="RedisInferException">
    /// The code tells the problem:
    /// <list type="bullet">
    /// <item><see cref="RedisInferErrorCode.StoreUnavailable"/>: the folder cannot be used, or another server uses it.</item>
    /// <item><see cref="RedisInferErrorCode.InvalidOptions"/>: the folder contains other files.</item>
    /// <item><see cref="RedisInferErrorCode.IndexMismatch"/>: the data was written by another version.</item>
    /// <item><see cref="RedisInferErrorCode.StateCorrupt"/>: the data cannot be read.</item>
    /// </list>
    /// </exception>
    /// <exception cref="ObjectDisposedException">This server is disposed of.</exception>
    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) =>
        (await StartAsync(cancellationToken).ConfigureAwait(false)).Connection;

    /// <summary>
    /// Returns a source of a connection to a second server, for values that may be dropped at any time. The second server starts at the
    /// first connect, stores at most <see cref="GarnetOptions.CacheBytes"/>, and stops with this server.
    /// </summary>
    /// <param name="answerBuffers">
    /// Pool of the memory into which the connection receives answers. It must outlive the returned source.
    /// </param>
    /// <returns>The source. The caller disposes of it before it disposes of this server.</returns>
    public IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers)
    {
        ArgumentNullException.ThrowIfNull(answerBuffers);
        return new GarnetCacheSource(this, answerBuffers);
    }

    internal async Task<GarnetCache> GetCacheAsync(CancellationToken cancellationToken)
    {
        RunningGarnet running = await StartAsync(cancellationToken).ConfigureAwait(false);
        return await running.GetCacheAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<RunningGarnet>? running;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            running = _running;
        }

        if (running is null)
            return;
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompletedSuccessfully)
            await running.Result.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<RunningGarnet> StartAsync(CancellationToken cancellationToken)
    {
        Task<RunningGarnet> running;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Starting blocks its thread.
            if (_running is null or { IsFaulted: true })
                _running = Task.Run(() => RunningGarnet.StartAsync(_options, _loggers, _time), CancellationToken.None);
            running = _running;
        }

        return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
