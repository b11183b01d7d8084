namespace RedisInfer.KvBlocks;

/// <summary>The outcome of loading or saving a block.</summary>
internal enum KvOutcome
{
    /// <summary>Loaded, and all checks passed.</summary>
    Loaded,

    /// <summary>Not stored, or not any more.</summary>
    Missed,

    /// <summary>Stored, but not to be trusted.</summary>
    Rejected,

    /// <summary>The store was out of reach.</summary>
    Unavailable,

    /// <summary>Written.</summary>
    Saved,

    /// <summary>Not written: the store refused it or was out of reach.</summary>
    Dropped,
}
