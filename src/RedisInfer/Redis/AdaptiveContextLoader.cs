using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// The default: hands out the received buffer while there is one to be had (<see cref="PinnedContextLoader"/>), and copies where there is
/// none (<see cref="CopyingContextLoader"/>), so that a load never waits for another to be used up. What it loads says which, and why.
/// </summary>
public sealed class AdaptiveContextLoader : IContextLoader
{
    internal const string AllBuffersInUse = "all pinned buffers are in use";

    private readonly PinnedContextLoader _pinned;

    /// <summary>Creates a loader.</summary>
    /// <param name="maxBuffers">Received buffers that may be out at once; at least 1.</param>
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
