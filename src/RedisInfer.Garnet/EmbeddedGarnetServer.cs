using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>
/// A Redis-compatible server inside this process, reachable by nobody else. Starts at the first <see cref="ConnectAsync"/>, in
/// well under a second on an empty folder or after a clean end. Ends, and saves, when disposed of.
/// </summary>
/// <remarks>
/// Never put VADD or VREM into MULTI: Garnet then hangs. Vector sets, strings, hashes and times to live survive a restart and a
/// killed process when <see cref="GarnetOptions.DataDirectory"/> is set.
/// </remarks>
public sealed class EmbeddedGarnetServer : IRedisConnectionSource
{
    private readonly Lock _gate = new();
    private readonly GarnetOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private Task<RunningGarnet>? _running;
    private bool _disposed;

    /// <summary>Prepares a server; starts nothing yet.</summary>
    /// <param name="options">Where data is kept; copied, so that later changes have no effect.</param>
    /// <param name="loggerFactory">Where Garnet's log goes, under categories that start with <c>Garnet.</c>; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.InvalidOptions"/>: all problems in one message.</exception>
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

    /// <summary>Starts the server if it isn't running, and connects to it. After a failure the next call tries again.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller; the start goes on for others.</param>
    /// <returns>The one connection; admin commands are allowed on it. Do not dispose of it.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StoreUnavailable"/>: the folder cannot be used, or another server uses it.
    /// <see cref="RedisInferErrorCode.InvalidOptions"/>: the folder holds something else.
    /// <see cref="RedisInferErrorCode.IndexMismatch"/>: its data was written by another version.
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>: its data cannot be read.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This server was disposed of.</exception>
    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) =>
        (await StartAsync(cancellationToken).ConfigureAwait(false)).Connection;

    /// <summary>
    /// A source of a connection to a second server beside this one, for values that may vanish. It is started when somebody connects, keeps
    /// at most <see cref="GarnetOptions.CacheBytes"/>, and ends with this one.
    /// </summary>
    /// <param name="answerBuffers">Where the connection takes the memory that answers are received into. Outlives the result.</param>
    /// <returns>The source; the caller disposes of it before this server.</returns>
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
            // Starting blocks the thread it is on.
            if (_running is null or { IsFaulted: true })
                _running = Task.Run(() => RunningGarnet.StartAsync(_options, _loggers, _time), CancellationToken.None);
            running = _running;
        }

        return await running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
