namespace RedisInfer.Tests.Support.Servers;

/// <summary>The servers on which all code that uses Redis is tested.</summary>
public enum ServerKind
{
    /// <summary>Garnet embedded in the test process, in memory.</summary>
    Garnet,

    Redis8,

    Redis7,

    Valkey,
}
