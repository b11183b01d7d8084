using RedisInfer.Threads;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Returns the buffer that the value was received into. Copies nothing and leaves nothing to the garbage collector.
/// <list type="bullet">
/// <item>On the connection for KV blocks, the buffer is pooled and does not move.</item>
/// <item>On other connections, it is a pooled array, which native calls pin while they read it.</item>
/// <item>The number of buffers in use is limited. At the limit, a load waits until another value is disposed of.</item>
/// </list>
/// Thread-safe.
/// </summary>
public sealed class PinnedContextLoader : IContextLoader
{
    /// <summary>Default limit of buffers in use: 16, which is 64 MiB of KV blocks.</summary>
    public const int DefaultMaxBuffers = 16;

    internal const string Name = "pinned";

    private readonly SemaphoreSlim _buffers;

    /// <summary>Creates a loader.</summary>
    /// <param name="maxBuffers">Most values that are loaded and not yet disposed of; at least 1.</param>
    public PinnedContextLoader(int maxBuffers = DefaultMaxBuffers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBuffers);
        _buffers = new SemaphoreSlim(maxBuffers, maxBuffers);
    }

    /// <inheritdoc/>
    public async ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await _buffers.WaitAsync(cancellationToken).OnOwnThread();
        return await LoadIntoBufferAsync(database, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Same as <see cref="LoadAsync"/>, but does not wait for a buffer.</summary>
    /// <returns>Whether a buffer was free; only then <paramref name="load"/> is the value.</returns>
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
            // A command that was sent is answered even if its caller has left. Its buffer is freed then.
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
