namespace RedisInfer.Corpus.Indexes;

/// <summary>The records that were loaded for some documents.</summary>
/// <param name="Records">One per document, in order; <see langword="null"/> for a missing one.</param>
/// <param name="AreWhole">Whether nothing was missing. A document with missing data may have been replaced meanwhile.</param>
internal sealed record LoadedRecords<T>(T?[] Records, bool AreWhole);
