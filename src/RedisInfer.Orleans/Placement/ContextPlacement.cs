namespace RedisInfer.Orleans.Placement;

/// <summary>Places a question where its context is warm: see <see cref="ContextPlacementDirector"/>.</summary>
[Serializable]
internal sealed class ContextPlacement : PlacementStrategy;
