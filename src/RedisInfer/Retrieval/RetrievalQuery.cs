using RedisInfer.Corpus;
using RedisInfer.Words;

namespace RedisInfer.Retrieval;

/// <summary>A question and its retrieval settings.</summary>
/// <param name="Question">The question.</param>
/// <param name="Vector">Embedding of the question.</param>
/// <param name="TopK">Most chunks to return, not counting neighbors; at least 1.</param>
/// <param name="MinScore">Minimum cosine similarity, -1 to 1; <see langword="null"/>: what was learned or measured.</param>
internal sealed record RetrievalQuery(string Question, ReadOnlyMemory<float> Vector, int TopK, float? MinScore)
{
    /// <summary>How passages are searched.</summary>
    public RetrievalMode Mode { get; init; }

    /// <summary>Which documents may supply passages; <see langword="null"/>: all.</summary>
    public RagFilter? Filter { get; init; }

    /// <summary>Neighbors to add before and after each chunk.</summary>
    public int Neighbors { get; init; }

    /// <summary>Scores the found chunks again; <see langword="null"/>: none.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>Most chunks that <see cref="Reranker"/> scores.</summary>
    public int RerankCandidates { get; init; }

    /// <summary>Number of chunks to find.</summary>
    public int CandidateCount => Reranker is null ? TopK : Math.Max(TopK, RerankCandidates);

    public CorpusQuery ToCorpusQuery() => new(
        Vector,
        Mode == RetrievalMode.Vector ? [] : new WordReader().ReadQuestion(Question),
        ByVector: Mode != RetrievalMode.Lexical,
        ByWords: Mode != RetrievalMode.Vector,
        Filter is null ? null : FilterMatch.ToPredicate(Filter));
}
