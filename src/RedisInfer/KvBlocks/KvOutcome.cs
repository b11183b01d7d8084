namespace RedisInfer.KvBlocks;

/// <summary>What became of a block.</summary>
internal enum KvOutcome
{
    /// <summary>Loaded and in order.</summary>
    Loaded,

    /// <summary>Not stored, or not any more.</summary>
    Missed,

    /// <summary>Stored, and not to be trusted.</summary>
    Rejected,

    /// <summary>Redis did not answer.</summary>
    Unavailable,

    /// <summary>Written.</summary>
    Saved,

    /// <summary>Not written: Redis refused it or was away.</summary>
    Dropped,
}
