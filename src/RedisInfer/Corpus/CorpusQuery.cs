using RedisInfer.Corpus.Records;
using RedisInfer.Words;

namespace RedisInfer.Corpus;

/// <summary>What to search for.</summary>
/// <param name="Vector">The question's embedding.</param>
/// <param name="Words">The question's words.</param>
/// <param name="ByVector">Whether to search the vectors.</param>
/// <param name="ByWords">Whether to search the words.</param>
/// <param name="Filter">Decides which documents to find; <see langword="null"/>: all.</param>
internal sealed record CorpusQuery(
    ReadOnlyMemory<float> Vector, IReadOnlyList<WordQuery> Words, bool ByVector, bool ByWords, Func<ManifestEntry, bool>? Filter = null)
{
    /// <summary>What was asked and answered before; <see langword="null"/>: nothing.</summary>
    public EarlierQuery? Earlier { get; init; }
}
