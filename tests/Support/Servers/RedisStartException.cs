namespace RedisInfer.Tests.Support.Servers;

/// <summary>A redis-server ended during its start, or did not become ready. The message holds its log.</summary>
public sealed class RedisStartException(string log) : Exception("redis-server did not start: " + log)
{
    public bool PortWasTaken => Message.Contains("Address already in use", StringComparison.Ordinal);
}
