using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>A connection of the host's own, which is never disposed of here.</summary>
internal sealed class BorrowedRedisConnection : IRedisConnectionSource
{
    private readonly IConnectionMultiplexer _connection;

    public BorrowedRedisConnection(IConnectionMultiplexer connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        Description = EndPointText.Of(connection.GetEndPoints());
    }

    public string Description { get; }

    public ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(_connection);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
