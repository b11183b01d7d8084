namespace RedisInfer.Benchmarks.Chaos;

/// <summary>How the corpus differs from the folder.</summary>
/// <param name="Lost">Documents of the folder that the corpus does not have.</param>
/// <param name="Torn">
/// Documents whose entry, chunks, tokens, words or vectors are not those of the file, and documents that the folder does not have.
/// </param>
/// <param name="Orphans">Keys and vectors that belong to no document and will not expire.</param>
/// <param name="Announced">Number of announcements of work that is not finished.</param>
internal sealed record CheckResult(
    IReadOnlyList<string> Lost, IReadOnlyList<string> Torn, IReadOnlyList<string> Orphans, long Announced);
