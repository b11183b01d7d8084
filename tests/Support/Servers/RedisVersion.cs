namespace RedisInfer.Tests.Support.Servers;

/// <summary>Redis, or what is one as far as its commands go.</summary>
public enum RedisVersion
{
    V7 = 7,
    V8 = 8,
    Valkey,
}
