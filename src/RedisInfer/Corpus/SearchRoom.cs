using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Corpus;

/// <summary>Counts what an indexing run adds, and refuses what could not be searched any more. Several threads may call members at once.</summary>
/// <param name="budget">What search may take.</param>
/// <param name="meta">The corpus.</param>
/// <param name="size">Its size when the run began.</param>
internal sealed class SearchRoom(SearchBudget budget, CorpusMeta meta, CorpusSize size)
{
    private readonly Lock _lock = new();
    private CorpusSize _size = size;

    /// <summary>Takes the room of a document. One that is not larger than before is always admitted.</summary>
    /// <param name="path">The document.</param>
    /// <param name="document">Its size.</param>
    /// <param name="before">Its size in the index; 0 if it is new.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.OverBudget"/>.</exception>
    public void Take(string path, CorpusSize document, CorpusSize before)
    {
        lock (_lock)
        {
            CorpusSize after = _size + document - before;
            bool grows = after.Tokens > _size.Tokens || after.Chunks > _size.Chunks;
            if (grows && budget.FindProblem(meta, after) is { } problem)
            {
                throw new RedisInferException(
                    RedisInferErrorCode.OverBudget, $"'{path}' was not indexed, and no document after it: the corpus is full. {problem}");
            }

            _size = after;
        }
    }
}
