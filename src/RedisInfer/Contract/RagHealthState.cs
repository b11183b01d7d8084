namespace RedisInfer;

/// <summary>How well a runtime can work.</summary>
public enum RagHealthState
{
    /// <summary>Questions fail.</summary>
    Unhealthy,

    /// <summary>Questions are answered, but something is wrong that a person should look at.</summary>
    Degraded,

    /// <summary>Nothing is wrong.</summary>
    Healthy,
}
