namespace RedisInfer.Tests.Support.Servers;

/// <summary>Options of a test's Redis server. The default is an empty server without a password that writes nothing to disk.</summary>
public sealed record RedisServerOptions
{
    /// <summary>The password of the default user.</summary>
    public string? Password { get; init; }

    /// <summary>Lines of an ACL file, such as <c>user reader on &gt;secret ~* +@read</c>.</summary>
    public IReadOnlyList<string> AclRules { get; init; } = [];

    /// <summary>The memory limit for data, in Redis notation such as <c>64mb</c>.</summary>
    public string? MaxMemory { get; init; }

    public string? MaxMemoryPolicy { get; init; }

    /// <summary>Writes an append-only file and syncs it at every write.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>A folder that outlives the server, so that another server can start on its data. Default: a temporary folder.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The port to listen on at 127.0.0.1, for a server that replaces an earlier one. Default: a free port.</summary>
    public int? Port { get; init; }

    /// <summary>Further lines of redis.conf.</summary>
    public IReadOnlyList<string> ConfigurationLines { get; init; } = [];
}
