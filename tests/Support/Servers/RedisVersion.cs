namespace RedisInfer.Tests.Support.Servers;

/// <summary>Redis, or a server with the same commands.</summary>
public enum RedisVersion
{
    V7 = 7,
    V8 = 8,
    Valkey,
}
