using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Unit.KvBlocks;

/// <summary>A store that holds no blocks and gives no buffers.</summary>
internal sealed class FakeKvBlockStore : IKvBlockStore
{
    public TimeSpan Pause => TimeSpan.Zero;

    /// <summary>What warming up throws.</summary>
    public Exception? WarmUpError { get; init; }

    public bool Disposed { get; private set; }

    public Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken) =>
        WarmUpError is null ? Task.CompletedTask : Task.FromException(WarmUpError);

    public Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken) => Task.FromResult(0);

    public IAsyncEnumerable<LoadedKvBlock> LoadAsync(KvChain chain, int first, int count, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<LoadedKvBlock>();

    public KvBuffer? TryRent() => null;

    public void Save(KvChain chain, int index, KvBuffer buffer, int stateBytes) => throw new NotSupportedException();

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
