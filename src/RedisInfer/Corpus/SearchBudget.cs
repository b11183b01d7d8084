using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Corpus;

/// <summary>Refuses a corpus that needs more of this process's memory to be searched than the host allows.</summary>
/// <param name="corpus">Name of the corpus.</param>
/// <param name="limitBytes">Most bytes; 0: no limit.</param>
/// <param name="estimate">Estimates the bytes that a corpus of some size needs.</param>
internal sealed class SearchBudget(string corpus, long limitBytes, Func<CorpusMeta, CorpusSize, long> estimate)
{
    private const double MiB = 1 << 20;

    /// <summary>Whether there is a limit.</summary>
    public bool HasLimit => limitBytes > 0;

    /// <summary>Checks a corpus that is to be searched.</summary>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.OverBudget"/>.</exception>
    public void Require(CorpusMeta meta, CorpusSize size)
    {
        if (FindProblem(meta, size) is { } problem)
            throw new RedisInferException(RedisInferErrorCode.OverBudget, $"The corpus '{corpus}' is too large to be searched. {problem}");
    }

    /// <summary>What is wrong with a size; <see langword="null"/> if nothing is.</summary>
    public string? FindProblem(CorpusMeta meta, CorpusSize size)
    {
        long needed = HasLimit ? estimate(meta, size) : 0;
        return needed <= limitBytes ? null : FormattableString.Invariant(
            $"Words and vectors of {size.Chunks} chunks take {needed / MiB:0.#} MiB in this process, and Memory.SearchBytes allows {limitBytes / MiB:0.#}. ")
            + "Raise it, remove documents, or divide them over several corpora.";
    }
}
