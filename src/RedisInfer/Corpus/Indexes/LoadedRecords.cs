namespace RedisInfer.Corpus.Indexes;

/// <summary>What was loaded of some documents.</summary>
/// <param name="Records">One a document, in order; <see langword="null"/> where there is none.</param>
/// <param name="AreWhole">Whether nothing was missing. What is missing may have been replaced meanwhile.</param>
internal sealed record LoadedRecords<T>(T?[] Records, bool AreWhole);
