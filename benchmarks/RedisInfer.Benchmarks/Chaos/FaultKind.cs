namespace RedisInfer.Benchmarks.Chaos;

/// <summary>What goes wrong in a round.</summary>
internal enum FaultKind
{
    /// <summary>Indexers are killed, one after another.</summary>
    Kill,

    /// <summary>The server is killed and started again with all it had stored.</summary>
    Restart,

    /// <summary>The server is killed and started again from an older snapshot.</summary>
    RestartWithoutTail,

    /// <summary>A replica becomes the primary while the former one is told so.</summary>
    Promote,

    /// <summary>The primary is killed and a replica takes its place. Writes that it did not get are lost.</summary>
    KillAndPromote,

    /// <summary>The server has reached its <c>maxmemory</c> and evicts nothing.</summary>
    FullMemory,

    /// <summary>The server neither answers nor closes its connections for half a minute.</summary>
    Cut,

    /// <summary>The clock of one host is an hour ahead or late, while indexers are killed.</summary>
    Clock,
}
