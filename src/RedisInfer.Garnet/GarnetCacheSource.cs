using System.Buffers;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Garnet;

/// <summary>A connection to the cache server of an embedded server. The first connect starts the cache server.</summary>
internal sealed class GarnetCacheSource(EmbeddedGarnetServer server, MemoryPool<byte> answerBuffers) : IRedisConnectionSource
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private RedisConnectionSource? _source;
    private bool _disposed;

    public string Description => server.Description;

    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default)
    {
        GarnetCache cache = await server.GetCacheAsync(cancellationToken).ConfigureAwait(false);
        RedisConnectionSource source;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_source is null)
            {
                ConfigurationOptions configuration = RunningGarnet.ConfigurationFor(cache.SocketPath);
                configuration.ResponseBufferPool = answerBuffers;
                _source = new RedisConnectionSource(configuration);
            }

            source = _source;
        }
        finally
        {
            _opening.Release();
        }

        return await source.ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            if (_source is not null)
                await _source.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }
}
