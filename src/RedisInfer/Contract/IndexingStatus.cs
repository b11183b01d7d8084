namespace RedisInfer;

/// <summary>What indexing did with a document.</summary>
public enum IndexingStatus
{
    /// <summary>It is new in the index.</summary>
    Added,

    /// <summary>It had changed and was replaced.</summary>
    Updated,

    /// <summary>It stands in the index as it is; nothing was written.</summary>
    Unchanged,

    /// <summary>It is not in the index; the reason is given.</summary>
    Skipped,

    /// <summary>It was in the index and is in the folder no more.</summary>
    Removed,
}
