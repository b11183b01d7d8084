using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>The documents that pass a filter, as of one state of the manifest.</summary>
/// <param name="Entries">The documents by path.</param>
/// <param name="Filter">The filter, for documents of another state.</param>
internal sealed record AllowedDocuments(IReadOnlyDictionary<string, ManifestEntry> Entries, Func<ManifestEntry, bool> Filter)
{
    /// <summary>The generations of their chunks, each once. No other document has chunks of any of them.</summary>
    public IReadOnlyList<long> Generations { get; } =
        [.. Entries.Values.SelectMany(entry => entry.Layout.Runs).Select(run => run.Generation).Distinct()];

    /// <summary>Number of their chunks.</summary>
    public long ChunkCount { get; } = Entries.Values.Sum(entry => (long)entry.ChunkCount);

    public bool Contains(string path) => Entries.ContainsKey(path);

    public bool Contains(in ChunkRef chunk) => Entries.GetValueOrDefault(chunk.Path)?.PositionOf(chunk) is not null;
}
