using Orleans.Placement;

namespace RedisInfer.Orleans.Placement;

/// <summary>Marks grains that <see cref="ContextPlacement"/> places.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ContextPlacementAttribute() : PlacementAttribute(new ContextPlacement());
