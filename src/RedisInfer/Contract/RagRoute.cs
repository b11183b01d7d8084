namespace RedisInfer;

/// <summary>Which host of a cluster answered a question.</summary>
public sealed class RagRoute
{
    /// <summary>The host, by the name that it has in the cluster.</summary>
    public required string Host { get; init; }

    /// <summary>Whether the host that was asked answered itself.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>
    /// Whether another host answered than the one that the context belongs to: that one was busy, or was lost before or during the answer.
    /// </summary>
    public bool IsMoved { get; init; }

    /// <summary>Hosts that were lost, or refused, before this one.</summary>
    public int LostHosts { get; init; }
}
