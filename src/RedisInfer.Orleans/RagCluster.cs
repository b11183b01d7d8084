using RedisInfer.Orleans.Placement;

namespace RedisInfer.Orleans;

/// <summary>The hosts that answer each other's questions, as this host sees them. Registered by <c>UseOrleans()</c>. Thread-safe.</summary>
public sealed class RagCluster
{
    private readonly LocalRuntime _runtime;
    private readonly SiloTable _silos;

    internal RagCluster(LocalRuntime runtime, SiloTable silos) => (_runtime, _silos) = (runtime, silos);

    /// <summary>The hosts of this host's group, itself included if its model is loaded. Cheap.</summary>
    /// <returns>The hosts, in no order.</returns>
    public IReadOnlyList<RagClusterHost> GetHosts() => _runtime.Describe() is { } own ? _silos.Hosts(own.Group) : [];
}
