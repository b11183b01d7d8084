namespace RedisInfer;

/// <summary>What indexing did with a document.</summary>
public enum IndexingStatus
{
    /// <summary>The document is new in the index.</summary>
    Added,

    /// <summary>The document had changed; its new content is in the index.</summary>
    Updated,

    /// <summary>The document had not changed; nothing was written.</summary>
    Unchanged,

    /// <summary>The document was not indexed; <see cref="IndexedDocument.SkipReason"/> says why.</summary>
    Skipped,

    /// <summary>The document was removed from the index, because the folder does not supply it any more.</summary>
    Removed,

    /// <summary>
    /// An error occurred with this document alone; <see cref="IndexedDocument.SkipReason"/> has its message. A version that was indexed
    /// before stays. Index the document again.
    /// </summary>
    Failed,
}
