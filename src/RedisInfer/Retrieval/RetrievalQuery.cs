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
    /// <summary>What came before the question, by whose words is searched too.</summary>
    public IReadOnlyList<EarlierText> Earlier { get; init; } = [];

    /// <summary>Embedding of the turn before; unused without <see cref="Earlier"/>.</summary>
    public ReadOnlyMemory<float> EarlierVector { get; init; }

    /// <summary>The question after the one before it, for a re-ranker, which reads one text.</summary>
    public string QuestionInContext => Earlier.Count == 0 ? Question : Earlier[0].Text + "\n" + Question;

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
        Mode == RetrievalMode.Vector && Earlier.Count == 0 ? [] : new WordReader().ReadQuestion(Question),
        ByVector: Mode != RetrievalMode.Lexical,
        ByWords: Mode != RetrievalMode.Vector,
        Filter is null ? null : FilterMatch.ToPredicate(Filter))
    {
        Earlier = Earlier.Count == 0 ? null : new EarlierQuery(EarlierVector, ReadEarlierWords()),
    };

    private List<WordQuery> ReadEarlierWords()
    {
        var reader = new WordReader();
        var words = new Dictionary<uint, WordQuery>();
        foreach (EarlierText earlier in Earlier.OrderByDescending(text => text.Weight))
        {
            foreach (WordQuery word in reader.ReadQuestion(earlier.Text))
            {
                // That the corpus lacks a name of an earlier turn says nothing about this question.
                words.TryAdd(word.Hash, word with { Weight = earlier.Weight * word.Weight, IsName = false });
            }
        }

        return [.. words.Values];
    }
}
