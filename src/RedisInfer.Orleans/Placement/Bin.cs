namespace RedisInfer.Orleans.Placement;

/// <summary>A host among which contexts are divided.</summary>
/// <param name="Name">Name of the host. The same name after a restart keeps its contexts.</param>
/// <param name="Load">Requests that it has: running, waiting, or on their way.</param>
/// <param name="Slots">Requests that it can run at once; at least 1.</param>
internal readonly record struct Bin(string Name, int Load, int Slots);
