namespace RedisInfer.Corpus.Records;

/// <summary>What is announced in the pending hash.</summary>
internal enum PendingKind
{
    /// <summary>A generation is being written. It is not visible yet.</summary>
    Writing,

    /// <summary>A generation was replaced, removed or given up. Its vectors and chunks are to be removed.</summary>
    Retired,

    /// <summary>A whole corpus was cleared. Its manifest is set aside until all its chunks are gone.</summary>
    Cleared,
}
