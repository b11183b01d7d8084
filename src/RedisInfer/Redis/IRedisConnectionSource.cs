using System.Buffers;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Where the connection to Redis comes from: an address, a connection that the host already has, or a server embedded in this
/// process. Safe to use from several threads. Whoever created it disposes of it; what it disposes of then is only what it opened
/// itself.
/// </summary>
public interface IRedisConnectionSource : IAsyncDisposable
{
    /// <summary>What this connects to, for messages and logs. Never holds a password.</summary>
    string Description { get; }

    /// <summary>Bytes that a server inside this process may take; null where the server is a process of its own.</summary>
    long? InProcessMemoryBytes => null;

    /// <summary>
    /// The one connection of this source: made at the first call, the same one at every later call. After a failure the next
    /// call tries again. Once made, it comes back by itself when Redis was away. Do not dispose of it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait of this caller; others that wait for the same connection still get it.</param>
    /// <returns>A connection that Redis has answered on.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.StoreUnavailable"/>: Redis is not there, or does not let us in.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This source was disposed of.</exception>
    ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// A source of another connection, for values of megabytes that may vanish at any time: on the one connection they would hold up every
    /// other answer. It leads to the same server, or to one beside it that keeps nothing else. Where there can be no second connection, it is the
    /// same one again.
    /// </summary>
    /// <param name="answerBuffers">Where that connection takes the memory that answers are received into. Outlives the result.</param>
    /// <returns>The source; the caller disposes of it before this one.</returns>
    IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers) => new SharedRedisConnection(this);
}
