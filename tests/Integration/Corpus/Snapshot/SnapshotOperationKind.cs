namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public enum SnapshotOperationKind
{
    /// <summary>All of a document is written.</summary>
    Write,

    /// <summary>Some chunks of a document are kept, others are new.</summary>
    Change,

    Remove,

    /// <summary>A writer dies when half of a document is at the server.</summary>
    Die,

    /// <summary>Some time after a death, an indexing run begins.</summary>
    CleanUp,
}
