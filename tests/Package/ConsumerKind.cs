namespace RedisInfer.Tests.Package;

/// <summary>The kinds of user projects that the tests write. Each has a folder of its name with its program.</summary>
public enum ConsumerKind
{
    /// <summary>A console program with documents and an embedded server.</summary>
    Consumer,

    /// <summary>A host with chat, health checks and OpenTelemetry.</summary>
    HostConsumer,

    /// <summary>A program that is compiled ahead of time, with the package RedisInfer alone, which can be.</summary>
    NativeConsumer,
}
