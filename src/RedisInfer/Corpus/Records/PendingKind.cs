namespace RedisInfer.Corpus.Records;

/// <summary>What is announced in the pending hash.</summary>
internal enum PendingKind
{
    /// <summary>A generation is being written; not visible yet.</summary>
    Writing,

    /// <summary>A generation that was replaced, removed or given up: its vectors and chunks are to go.</summary>
    Retired,

    /// <summary>A whole corpus was cleared: its manifest lies aside until all its chunks are gone.</summary>
    Cleared,
}
