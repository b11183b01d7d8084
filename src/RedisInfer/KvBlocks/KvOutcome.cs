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

    /// <summary>Redis did not answer.</summary>
    Unavailable,

    /// <summary>Written.</summary>
    Saved,

    /// <summary>Not written: Redis refused it or was unavailable.</summary>
    Dropped,
}
