using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Hands out the very buffer that the value was received into; nothing is copied and nothing becomes garbage. On the connection for
/// large values that buffer is pooled and never moves; on others it is a pooled array, which native calls pin while they
/// read it. The buffers out at once are bounded: one more waits until another is disposed of.
/// </summary>
public sealed class PinnedContextLoader : IContextLoader
{
    /// <summary>Buffers out at once, unless said otherwise: 64 MiB of KV blocks.</summary>
    public const int DefaultMaxBuffers = 16;

    internal const string Name = "pinned";

    private readonly SemaphoreSlim _buffers;

    /// <summary>Creates a loader.</summary>
    /// <param name="maxBuffers">Values that may be loaded and not disposed of at once; at least 1.</param>
    public PinnedContextLoader(int maxBuffers = DefaultMaxBuffers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBuffers);
        _buffers = new SemaphoreSlim(maxBuffers, maxBuffers);
    }

    /// <inheritdoc/>
    public async ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await _buffers.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await LoadIntoBufferAsync(database, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="LoadAsync"/>, without waiting for a buffer.</summary>
    /// <returns>Whether there was one; only then <paramref name="load"/> is the value.</returns>
    internal bool TryLoad(IDatabaseAsync database, RedisKey key, out ValueTask<LoadedContext?> load, CancellationToken cancellationToken)
    {
        bool taken = _buffers.Wait(0, CancellationToken.None);
        load = taken ? LoadIntoBufferAsync(database, key, cancellationToken) : default;
        return taken;
    }

    private async ValueTask<LoadedContext?> LoadIntoBufferAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken)
    {
        Task<LoadedContext?> receive = ReceiveAsync(database, key);
        try
        {
            return await receive.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A command that was sent is answered, wanted or not: its buffer comes back then.
            _ = receive.ContinueWith(
                static task => _ = task.IsFaulted ? task.Exception : DisposeOf(task.Result),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    private static object? DisposeOf(LoadedContext? context)
    {
        context?.Dispose();
        return null;
    }

    private async Task<LoadedContext?> ReceiveAsync(IDatabaseAsync database, RedisKey key)
    {
        Lease<byte>? lease = null;
        try
        {
            lease = await database.StringGetLeaseAsync(key).ConfigureAwait(false);
        }
        finally
        {
            if (lease is null)
                _buffers.Release();
        }

        return lease is null ? null : new LoadedContext(lease.Memory, Name, owner: new Held(lease, _buffers));
    }

    private sealed class Held(Lease<byte> lease, SemaphoreSlim buffers) : IDisposable
    {
        public void Dispose()
        {
            lease.Dispose();
            buffers.Release();
        }
    }
}
