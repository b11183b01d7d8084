namespace RedisInfer.Orleans;

/// <summary>A host of a cluster.</summary>
public sealed class RagClusterHost
{
    /// <summary>Its name in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is this host.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>Requests that run or wait there, or are on their way.</summary>
    public required int Load { get; init; }

    /// <summary>Requests that it can run at once.</summary>
    public required int Slots { get; init; }
}
