using System.Buffers;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// A connection beside one of the host's, made as that one was configured. What the host set in code, such as a check of certificates, is not
/// in its configuration: where the second one cannot be opened, the host's own serves.
/// </summary>
internal sealed class SecondRedisConnection : IRedisConnectionSource
{
    private readonly IConnectionMultiplexer _first;
    private readonly RedisConnectionSource _second;

    private SecondRedisConnection(IConnectionMultiplexer first, RedisConnectionSource second)
    {
        _first = first;
        _second = second;
    }

    public string Description => _second.Description;

    /// <summary>Prepares a second connection.</summary>
    /// <param name="first">The host's.</param>
    /// <param name="answerBuffers">Where the second one takes the memory that answers are received into.</param>
    /// <returns>The source; <see langword="null"/> where the host's says nothing of how it was made.</returns>
    public static SecondRedisConnection? TryCreate(IConnectionMultiplexer first, MemoryPool<byte> answerBuffers)
    {
        try
        {
            var options = ConfigurationOptions.Parse(first.Configuration ?? "");
            options.ResponseBufferPool = answerBuffers;
            return options.EndPoints.Count == 0 ? null : new SecondRedisConnection(first, new RedisConnectionSource(options));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public async ValueTask<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _second.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RedisInferException) when (_first.IsConnected)
        {
            return _first;
        }
    }

    public ValueTask DisposeAsync() => _second.DisposeAsync();
}
