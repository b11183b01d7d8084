namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

public enum SnapshotOperationKind
{
    /// <summary>Writes a whole document.</summary>
    Write,

    /// <summary>Keeps some chunks of a document and adds new ones.</summary>
    Change,

    Remove,

    /// <summary>Kills a writer when half of a document is on the server.</summary>
    Die,

    /// <summary>Starts an indexing run, some time after a writer died.</summary>
    CleanUp,
}
