using System.Buffers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace RedisInfer.Redis;

/// <summary>
/// Connects to a Redis server at the first call, and owns that connection. If the server is not available then, the call fails at once,
/// with advice. A connection that is lost later is restored automatically. Thread-safe.
/// </summary>
public sealed partial class RedisConnectionSource : IRedisConnectionSource
{
    private readonly Lock _gate = new();
    private readonly ConfigurationOptions _options;
    private readonly Tunnel? _tunnel;
    private readonly ILogger _logger;
    private Task<IConnectionMultiplexer>? _connection;
    private bool _disposed;

    /// <summary>Prepares a connection. Opens nothing yet.</summary>
    /// <param name="configuration">
    /// A StackExchange.Redis configuration, such as <c>localhost:6379</c> or <c>redis.example.com:6380,password=...,ssl=true</c>.
    /// </param>
    /// <param name="logger">Logs when the connection is lost and restored; <see langword="null"/>: no log.</param>
    /// <exception cref="ArgumentException">The configuration is invalid or names no server.</exception>
    public RedisConnectionSource(string configuration, ILogger? logger = null)
        : this(Parse(configuration), logger)
    {
    }

    // Connections that are opened from now on have threads of their own, which receive the replies. Otherwise threads of the host's pool
    // do, and a host that blocks them loses replies to time-outs. The client has this setting for the whole process only.
    static RedisConnectionSource() => ConnectionMultiplexer.SetFeatureFlag("DedicatedThreads", true);

    /// <summary>Prepares a connection. Opens nothing yet.</summary>
    /// <param name="options">The configuration. It is copied; later changes have no effect.</param>
    /// <param name="logger">Logs when the connection is lost and restored; <see langword="null"/>: no log.</param>
    /// <exception cref="ArgumentException">The configuration names no server.</exception>
    public RedisConnectionSource(ConfigurationOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.EndPoints.Count == 0)
            throw new ArgumentException("The Redis configuration names no server. Add one as HOST:PORT.", nameof(options));

        _options = options.Clone();
        _options.AbortOnConnectFail = true;

        // A check in the client, not a right on the server. INFO requires it, and INFO reports the server's memory limit.
        _options.AllowAdmin = true;
        _options.ClientName ??= nameof(RedisInfer);
        _tunnel = _options.Tunnel;

        // With TLS, the client decrypts what comes out of a tunnel, so the answers cannot be seen there. Such a server has a certificate.
        if (!_options.Ssl)
            _options.Tunnel = new CheckedTunnel(_tunnel);
        _logger = logger ?? NullLogger.Instance;
        Description = EndPointText.Of(_options.EndPoints);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>
    /// Wraps a connection of the host. The host keeps ownership: disposing of the result does not close the connection. KV blocks use a
    /// second connection, which is opened with the same configuration if that is possible.
    /// </summary>
    /// <param name="connection">The connection of the host.</param>
    /// <returns>A source that always returns this connection.</returns>
    public static IRedisConnectionSource FromExisting(IConnectionMultiplexer connection) => new BorrowedRedisConnection(connection);

    /// <inheritdoc/>
    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default)
    {
        Task<IConnectionMultiplexer> connection;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // All callers share one attempt. The next call replaces a failed attempt, so a server that starts later is found.
            if (_connection is null or { IsFaulted: true })
                _connection = OpenAsync();
            connection = _connection;
        }

        return await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers)
    {
        ArgumentNullException.ThrowIfNull(answerBuffers);
        ConfigurationOptions options = _options.Clone();
        options.ResponseBufferPool = answerBuffers;
        options.Tunnel = _tunnel;
        return new RedisConnectionSource(options, _logger);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connection;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            connection = _connection;
        }

        if (connection is null)
            return;
        await ((Task)connection).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection.IsCompletedSuccessfully)
            await (await connection.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private static ConfigurationOptions Parse(string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return ConfigurationOptions.Parse(configuration);
    }

    private async Task<IConnectionMultiplexer> OpenAsync()
    {
        await Task.Yield();     // the caller holds the lock
        using var log = new StringWriter();
        try
        {
            if (_tunnel is null)
                RedisConnectionErrors.ThrowIfRefused(Description, _options, await RedisProbe.AskAsync(_options).ConfigureAwait(false));
            var connection = await ConnectionMultiplexer.ConnectAsync(_options, log).ConfigureAwait(false);
            connection.ConnectionFailed += (_, e) => ConnectionLost(Description, e.FailureType, e.Exception);
            connection.ConnectionRestored += (_, _) => ConnectionBack(Description);
            return connection;
        }
        catch (SocketException e)
        {
            throw RedisConnectionErrors.Unreachable(Description, _options.ConnectTimeout, e);
        }
        catch (Exception e) when (e is RedisConnectionException or TimeoutException)
        {
            throw RedisConnectionErrors.NotAdmitted(Description, _options, log.ToString(), e);
        }
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "Lost the connection to {Redis} ({Failure}); reconnecting until it succeeds")]
    private partial void ConnectionLost(string redis, ConnectionFailureType failure, Exception? exception);

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Restored the connection to {Redis}")]
    private partial void ConnectionBack(string redis);
}
