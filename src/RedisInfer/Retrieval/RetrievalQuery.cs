using RedisInfer.Corpus;
using RedisInfer.Words;

namespace RedisInfer.Retrieval;

/// <summary>What to retrieve for a question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Vector">Its embedding.</param>
/// <param name="TopK">Most chunks to return, neighbours not counted; at least 1.</param>
/// <param name="MinScore">Least cosine similarity, -1 to 1.</param>
internal sealed record RetrievalQuery(string Question, ReadOnlyMemory<float> Vector, int TopK, float MinScore)
{
    /// <summary>What to search.</summary>
    public RetrievalMode Mode { get; init; }

    /// <summary>Which documents may give passages; <see langword="null"/>: all.</summary>
    public RagFilter? Filter { get; init; }

    /// <summary>Chunks to add before and after each one found.</summary>
    public int Neighbors { get; init; }

    /// <summary>Ranks what was found once more; <see langword="null"/>: nothing does.</summary>
    public IReranker? Reranker { get; init; }

    /// <summary>Most chunks that <see cref="Reranker"/> gets.</summary>
    public int RerankCandidates { get; init; }

    /// <summary>Chunks to find.</summary>
    public int CandidateCount => Reranker is null ? TopK : Math.Max(TopK, RerankCandidates);

    public CorpusQuery ToCorpusQuery() => new(
        Vector,
        Mode == RetrievalMode.Vector ? [] : new WordReader().ReadQuestion(Question),
        ByVector: Mode != RetrievalMode.Lexical,
        ByWords: Mode != RetrievalMode.Vector,
        Filter is null ? null : FilterMatch.ToPredicate(Filter));
}
