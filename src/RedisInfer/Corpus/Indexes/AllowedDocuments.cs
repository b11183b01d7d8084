using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>The documents that a filter lets through, as of one state of the manifest.</summary>
/// <param name="Entries">The documents by path.</param>
/// <param name="Filter">Decides about any other.</param>
internal sealed record AllowedDocuments(IReadOnlyDictionary<string, ManifestEntry> Entries, Func<ManifestEntry, bool> Filter)
{
    /// <summary>The writes that their chunks are of, each once. No other document has chunks of any of them.</summary>
    public IReadOnlyList<long> Generations { get; } =
        [.. Entries.Values.SelectMany(entry => entry.Layout.Runs).Select(run => run.Generation).Distinct()];

    public bool Contains(string path) => Entries.ContainsKey(path);

    public bool Contains(in ChunkRef chunk) => Entries.GetValueOrDefault(chunk.Path)?.PositionOf(chunk) is not null;
}
