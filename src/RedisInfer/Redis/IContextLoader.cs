using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Loads a value from Redis, a KV block or the tokens of a chunk, into memory that native code can read. Implementations must be
/// thread-safe.
/// </summary>
public interface IContextLoader
{
    /// <summary>Reads one value.</summary>
    /// <param name="database">
    /// The connection. KV blocks have a separate connection. If the source of the connection allows it, that connection receives answers
    /// into memory that does not move.
    /// </param>
    /// <param name="key">Key of the value.</param>
    /// <param name="cancellationToken">Ends the wait. A value that arrives later is dropped.</param>
    /// <returns>The value, which the caller disposes of; <see langword="null"/> if the key does not exist.</returns>
    /// <exception cref="RedisException">The server refused the command, or the connection is lost.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken);
}
