using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// How a value of Redis, a KV block or the tokens of a chunk, reaches memory that native code can read. Members may be called from
/// several threads at once.
/// </summary>
public interface IContextLoader
{
    /// <summary>Reads one value.</summary>
    /// <param name="database">
    /// The connection. For KV blocks it is one of its own, whose answers are received into memory that never moves, where the source of the
    /// connection allows that.
    /// </param>
    /// <param name="key">The value's key.</param>
    /// <param name="cancellationToken">Ends the wait; what arrives later is dropped.</param>
    /// <returns>The value, which the caller disposes of; <see langword="null"/> where there is none.</returns>
    /// <exception cref="RedisException">The server refused, or the connection is gone.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken);
}
