namespace RedisInfer.Tests.Support.Servers;

/// <summary>What a test asks of its Redis server. The default is an empty server without password that writes nothing to disk.</summary>
public sealed record RedisServerOptions
{
    /// <summary>The password of the default user.</summary>
    public string? Password { get; init; }

    /// <summary>Lines of an ACL file, such as <c>user reader on &gt;secret ~* +@read</c>.</summary>
    public IReadOnlyList<string> AclRules { get; init; } = [];

    /// <summary>Most memory for data, in Redis' own notation such as <c>64mb</c>.</summary>
    public string? MaxMemory { get; init; }

    public string? MaxMemoryPolicy { get; init; }

    /// <summary>Writes an append-only file, synced at every write.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>A folder that outlives the server, to start another one on its data. By default a temporary folder.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>A port to listen on at 127.0.0.1, to come back where another server was. By default a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Further lines of redis.conf.</summary>
    public IReadOnlyList<string> ConfigurationLines { get; init; } = [];
}
