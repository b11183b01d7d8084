namespace RedisInfer.Tests.ClusterHost;

/// <summary>What a host can do.</summary>
public enum ClusterCommandKind
{
    /// <summary>Ask the generator that routes.</summary>
    Ask,

    /// <summary>Ask the runtime of the host itself.</summary>
    AskHere,

    /// <summary>Cancel a question.</summary>
    Cancel,

    /// <summary>Index documents.</summary>
    Index,

    /// <summary>Tell how many requests run and wait, and how many hosts can answer.</summary>
    Status,
}
