namespace RedisInfer.Evaluation;

/// <summary>Counts what one way of searching finds.</summary>
internal sealed class RetrievalTally(RetrievalMode mode)
{
    private readonly List<int?> _ranks = [];
    private int _declinedRightly;
    private int _declinedWrongly;

    public RetrievalMode Mode => mode;

    /// <summary>Adds one question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="paths">Paths of the retrieved passages, best first.</param>
    public void Add(RetrievalQuestion question, IReadOnlyList<string> paths)
    {
        if (question.Paths.Count == 0)
        {
            _declinedRightly += paths.Count == 0 ? 1 : 0;
            return;
        }

        _declinedWrongly += paths.Count == 0 ? 1 : 0;
        int rank = paths.TakeWhile(path => !question.Paths.Contains(path)).Count();
        _ranks.Add(rank < paths.Count ? rank : null);
    }

    public RetrievalFigures Sum() => new()
    {
        Mode = mode,
        RecallAt1 = Recall(1),
        RecallAt5 = Recall(5),
        RecallAt10 = Recall(RetrievalQuality.Depth),
        DeclinedRightly = _declinedRightly,
        DeclinedWrongly = _declinedWrongly,
    };

    private double Recall(int count) => _ranks.Count == 0 ? 0 : (double)_ranks.Count(rank => rank < count) / _ranks.Count;
}
