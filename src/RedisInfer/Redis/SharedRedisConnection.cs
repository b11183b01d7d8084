using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Shares another source's connection. Only that source disposes of it.</summary>
internal sealed class SharedRedisConnection(IRedisConnectionSource source) : IRedisConnectionSource
{
    public string Description => source.Description;

    public ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) => source.ConnectAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
