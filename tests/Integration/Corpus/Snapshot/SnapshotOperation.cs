namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>One operation on a corpus.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Document">The number of the document.</param>
/// <param name="Number">Determines how many chunks a write has, or which chunks a change keeps. Other kinds ignore it.</param>
public sealed record SnapshotOperation(SnapshotOperationKind Kind, int Document, int Number);
