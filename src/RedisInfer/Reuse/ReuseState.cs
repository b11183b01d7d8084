namespace RedisInfer.Reuse;

/// <summary>The progress of a request in finding KV states to reuse.</summary>
internal enum ReuseState
{
    /// <summary>It looks for its prefix in the context, and may wait for another request that is computing or restoring it.</summary>
    Sharing,

    /// <summary>Stored blocks are in flight.</summary>
    Restoring,

    /// <summary>Everything that can be reused has been. The other tokens are computed.</summary>
    Done,
}
