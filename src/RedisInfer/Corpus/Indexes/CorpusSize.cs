using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>How large a corpus is.</summary>
/// <param name="Documents">Number of documents.</param>
/// <param name="Chunks">Number of their chunks.</param>
/// <param name="Tokens">Number of their tokens.</param>
internal readonly record struct CorpusSize(long Documents, long Chunks, long Tokens)
{
    public static CorpusSize Of(IEnumerable<ManifestEntry> entries) => entries.Aggregate(default(CorpusSize), (size, entry) => size + Of(entry));

    public static CorpusSize Of(ManifestEntry? entry) => entry is null ? default : new(1, entry.ChunkCount, entry.TokenCount);

    public static CorpusSize operator +(CorpusSize a, CorpusSize b) => new(a.Documents + b.Documents, a.Chunks + b.Chunks, a.Tokens + b.Tokens);

    public static CorpusSize operator -(CorpusSize a, CorpusSize b) => new(a.Documents - b.Documents, a.Chunks - b.Chunks, a.Tokens - b.Tokens);
}
