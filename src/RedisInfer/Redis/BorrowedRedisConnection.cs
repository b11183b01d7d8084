using System.Buffers;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>A connection that the host owns and disposes of. KV blocks use a second connection, which is opened here.</summary>
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

    public IRedisConnectionSource OpenCache(MemoryPool<byte> answerBuffers)
    {
        ArgumentNullException.ThrowIfNull(answerBuffers);
        return SecondRedisConnection.TryCreate(_connection, answerBuffers) ?? (IRedisConnectionSource)new SharedRedisConnection(this);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
