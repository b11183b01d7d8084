using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Copies each value into a managed array of its own. Holds no buffers, and leaves the arrays to the garbage collector: for hosts that load
/// little, or want memory back as soon as it is unused.
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

    /// <summary>Loads, and says why it was done this way.</summary>
    internal static async ValueTask<LoadedContext?> CopyAsync(
        IDatabaseAsync database, RedisKey key, string? reason, CancellationToken cancellationToken)
    {
        RedisValue value = await database.StringGetAsync(key).WaitAsync(cancellationToken).ConfigureAwait(false);
        return value.IsNull ? null : new LoadedContext((byte[])value!, Name, reason);
    }
}
