using RedisInfer.Errors;
using RedisInfer.Retrieval;
using RedisInfer.Threads;

namespace RedisInfer.Evaluation;

/// <summary>
/// Measures, on a host's own documents and questions, what retrieval finds by words, by embedding and by both, and what it declines.
/// Thread-safe.
/// </summary>
public sealed class RetrievalQuality
{
    /// <summary>Passages that are retrieved for each question.</summary>
    internal const int Depth = 10;

    private readonly PassageSearch _search;

    internal RetrievalQuality(PassageSearch search) => _search = search;

    /// <summary>Asks questions whose answers are known. Loads no weights of the model that answers.</summary>
    /// <param name="questions">The questions, with the documents that answer them.</param>
    /// <param name="progress">Receives the number of completed questions; called from another thread.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The figures for each way of searching.</returns>
    /// <exception cref="ArgumentException">A question is empty.</exception>
    /// <exception cref="RedisInferException">As for <see cref="IRagIndex.SearchAsync"/>.</exception>
    public Task<RetrievalEvaluation> EvaluateAsync(
        IReadOnlyList<RetrievalQuestion> questions, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        foreach (RetrievalQuestion question in questions)
        {
            _search.ThrowIfInvalid(new RagRequest(question.Question));
        }

        return AskAllAsync(questions, progress, cancellationToken).ForHost();
    }

    private async Task<RetrievalEvaluation> AskAllAsync(
        IReadOnlyList<RetrievalQuestion> questions, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        RetrievalTally[] tallies = await _search.HasEmbeddingAsync(cancellationToken).ConfigureAwait(false)
            ? [new(RetrievalMode.Lexical), new(RetrievalMode.Vector), new(RetrievalMode.Hybrid)]
            : [new(RetrievalMode.Lexical)];
        for (int i = 0; i < questions.Count; i++)
        {
            foreach (RetrievalTally tally in tallies)
            {
                var request = new RagRequest(questions[i].Question) { TopK = Depth, Retrieval = tally.Mode, Neighbors = 0 };
                RetrievalResult found = await _search.FindAsync(request, cancellationToken).ConfigureAwait(false);
                tally.Add(questions[i], [.. found.Passages.Select(passage => passage.Path)]);
            }

            progress?.Report(i + 1);
        }

        return new RetrievalEvaluation
        {
            Answerable = questions.Count(question => question.Paths.Count > 0),
            Unanswerable = questions.Count(question => question.Paths.Count == 0),
            Modes = [.. tallies.Select(tally => tally.Sum())],
        };
    }
}
