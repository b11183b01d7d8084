using System.Buffers;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.KvBlocks;

/// <summary>A source of connections whose cache fails if a test says so, as a host's source may.</summary>
internal sealed class FailingSource(IRedisConnectionSource inner) : IRedisConnectionSource
{
    /// <summary>What connecting to the cache throws.</summary>
    public Exception? ConnectError { get; set; }

    /// <summary>What disposal of the cache throws.</summary>
    public Exception? DisposalError { get; set; }

    public bool Disposed { get; private set; }

    public string Description => inner.Description;

    public ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) =>
        inner.ConnectAsync(cancellationToken);

    public IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers) => new Cache(this, inner.OpenCache(answerBuffers));

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    private sealed class Cache(FailingSource owner, IRedisConnectionSource inner) : IRedisConnectionSource
    {
        public string Description => inner.Description;

        public ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) =>
            owner.ConnectError is { } error
                ? ValueTask.FromException<IConnectionMultiplexer>(error)
                : inner.ConnectAsync(cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            if (owner.DisposalError is { } error)
                throw error;
        }
    }
}
