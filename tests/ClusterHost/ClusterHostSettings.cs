namespace RedisInfer.Tests.ClusterHost;

/// <summary>How a host of a test's cluster is set up. It is the only argument of its program, as JSON.</summary>
public sealed record ClusterHostSettings
{
    public required string Redis { get; init; }

    /// <summary>Name of the cluster.</summary>
    public required string Cluster { get; init; }

    public required string Name { get; init; }

    public required string ModelPath { get; init; }

    public required int SiloPort { get; init; }

    public required int GatewayPort { get; init; }

    /// <summary>Whether it is only a client, without a silo, a model and a runtime.</summary>
    public bool IsClient { get; init; }

    public string SystemPrompt { get; init; } = new RedisInferOptions().SystemPrompt;

    public int MaxConcurrentRequests { get; init; } = 2;

    public int QueueCapacity { get; init; } = 64;

    public int MaxOutputTokens { get; init; } = 48;

    /// <summary>Passages in a prompt.</summary>
    public int Passages { get; init; } = 3;

    /// <summary>Room for KV states in memory.</summary>
    public long MemoryBytes { get; init; } = 256 << 20;

    /// <summary>Room for KV states in Redis.</summary>
    public long StoredBytes { get; init; } = new KvCacheOptions().MaxStoredBytes;

    public double SilenceSeconds { get; init; } = 3;

    /// <summary>How long other silos may be silent before Orleans takes them for dead, in seconds.</summary>
    public double ProbeSeconds { get; init; } = 1;
}
