using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Copies each value into a new managed array. Holds no buffers and leaves the arrays to the garbage collector. For hosts that load few
/// values, or that want unused memory freed early. Thread-safe.
/// </summary>
public sealed class CopyingContextLoader : IContextLoader
{
    internal const string Name = "copying";

    /// <inheritdoc/>
    public ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return CopyAsync(database, key, reason: null, cancellationToken);
    }

    /// <summary>Loads a value and records why it was copied.</summary>
    internal static async ValueTask<LoadedContext?> CopyAsync(
        IDatabaseAsync database, RedisKey key, string? reason, CancellationToken cancellationToken)
    {
        RedisValue value = await database.StringGetAsync(key).WaitAsync(cancellationToken).ConfigureAwait(false);
        return value.IsNull ? null : new LoadedContext((byte[])value!, Name, reason);
    }
}
