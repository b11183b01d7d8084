using System.Buffers;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Source of the connection to Redis: an address, a connection of the host, or a server embedded in this process. Thread-safe. The code
/// that created a source disposes of it. Disposal closes only connections that the source opened itself.
/// </summary>
public interface IRedisConnectionSource : IAsyncDisposable
{
    /// <summary>Name of the server in messages and logs. Never contains a password.</summary>
    string Description { get; }

    /// <summary>Most bytes that a server inside this process may use; <see langword="null"/> if the server is a separate process.</summary>
    long? InProcessMemoryBytes => null;

    /// <summary>
    /// Returns the one connection of this source: opened at the first call, the same at every later call. After a failure, the next call
    /// tries again. Once open, a lost connection is restored automatically. Do not dispose of the connection.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait of this caller. Others that wait for the connection still get it.</param>
    /// <returns>A connection on which Redis has answered.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>: Redis cannot be reached or refuses the connection.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This source is disposed of.</exception>
    ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns a source of another connection, for values of megabytes that the server may drop at any time. On the main connection, such
    /// values would delay all other answers. The other connection leads to the same server, or to a second server that stores nothing else.
    /// If no second connection is possible, it is the main connection.
    /// </summary>
    /// <param name="answerBuffers">
    /// Pool of the memory into which that connection receives answers. It must outlive the returned source.
    /// </param>
    /// <returns>The source. The caller disposes of it before it disposes of this source.</returns>
    IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers) => new SharedRedisConnection(this);
}
