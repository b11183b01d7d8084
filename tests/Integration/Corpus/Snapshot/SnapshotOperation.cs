namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>Something that happens to a corpus.</summary>
/// <param name="Kind">What.</param>
/// <param name="Document">To which of its documents.</param>
/// <param name="Number">How many chunks, which are kept: whatever the kind makes of it.</param>
public sealed record SnapshotOperation(SnapshotOperationKind Kind, int Document, int Number);
