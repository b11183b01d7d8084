using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Another source's connection, which is left to that source to dispose of.</summary>
internal sealed class SharedRedisConnection(IRedisConnectionSource source) : IRedisConnectionSource
{
    public string Description => source.Description;

    public ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default) => source.ConnectAsync(cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
