namespace RedisInfer.Tests.Support.Servers;

/// <summary>The servers that everything which talks to Redis is tested on.</summary>
public enum ServerKind
{
    /// <summary>Garnet embedded in the test process, in memory.</summary>
    Garnet,

    Redis8,

    Redis7,

    Valkey,
}
