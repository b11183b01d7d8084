using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// The default loader. Returns the received buffer if one is free (<see cref="PinnedContextLoader"/>). Otherwise it copies the value
/// (<see cref="CopyingContextLoader"/>), so a load never waits for another one. The loaded value tells which strategy was used, and why.
/// Thread-safe.
/// </summary>
public sealed class AdaptiveContextLoader : IContextLoader
{
    internal const string AllBuffersInUse = "all pinned buffers are in use";

    private readonly PinnedContextLoader _pinned;

    /// <summary>Creates a loader.</summary>
    /// <param name="maxBuffers">Most received buffers in use at once; at least 1.</param>
    public AdaptiveContextLoader(int maxBuffers = PinnedContextLoader.DefaultMaxBuffers) => _pinned = new PinnedContextLoader(maxBuffers);

    /// <inheritdoc/>
    public ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return _pinned.TryLoad(database, key, out ValueTask<LoadedContext?> load, cancellationToken)
            ? load
            : CopyingContextLoader.CopyAsync(database, key, AllBuffersInUse, cancellationToken);
    }
}
