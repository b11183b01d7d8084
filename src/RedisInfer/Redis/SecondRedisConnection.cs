using System.Buffers;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// A second connection next to the host's, opened with the same configuration. Settings that the host made in code, such as a certificate
/// check, are not in the configuration. If the second connection cannot be opened, the host's connection is used instead.
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
    /// <param name="first">The host's connection.</param>
    /// <param name="answerBuffers">Pool of the memory into which the second connection receives answers.</param>
    /// <returns>The source; <see langword="null"/> if the configuration of the host's connection is unknown.</returns>
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
