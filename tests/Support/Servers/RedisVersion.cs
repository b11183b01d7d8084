namespace RedisInfer.Tests.Support.Servers;

public enum RedisVersion
{
    V7 = 7,
    V8 = 8,
}
