using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>Whether what a runtime needs fits into the memory there is. Pure.</summary>
internal sealed class MemoryBudget
{
    private readonly IReadOnlyList<MemoryNeed> _needs;

    private MemoryBudget(long limitBytes, IReadOnlyList<MemoryNeed> needs, int contextSize, int maxSequences)
    {
        LimitBytes = limitBytes;
        _needs = needs;
        ContextSize = contextSize;
        MaxSequences = maxSequences;
    }

    /// <summary>Bytes there are.</summary>
    public long LimitBytes { get; }

    /// <summary>KV cells that fit.</summary>
    public int ContextSize { get; }

    /// <summary>Requests that are answered at once.</summary>
    public int MaxSequences { get; }

    /// <summary>Bytes needed in all.</summary>
    public long NeededBytes => _needs.Sum(need => need.Bytes);

    /// <summary>Checks that everything fits.</summary>
    /// <param name="limitBytes">Bytes there are.</param>
    /// <param name="fixedNeeds">What is needed whatever the KV cache.</param>
    /// <param name="contextSize">KV cells wanted.</param>
    /// <param name="maxSequences">Requests wanted at once; each has its share of the cells.</param>
    /// <param name="ofCells">What a context of so many KV cells needs.</param>
    /// <param name="whenOver">What to do where it does not fit.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.OverBudget"/>, with the arithmetic.</exception>
    public static MemoryBudget Fit(
        long limitBytes,
        IReadOnlyList<MemoryNeed> fixedNeeds,
        int contextSize,
        int maxSequences,
        Func<int, MemoryEstimate> ofCells,
        OverBudgetBehavior whenOver)
    {
        MemoryBudget wanted = For(maxSequences);
        MemoryBudget budget = wanted;
        int least = whenOver == OverBudgetBehavior.LowerConcurrency ? 1 : maxSequences;
        while (budget.NeededBytes > limitBytes && budget.MaxSequences > least)
        {
            budget = For(budget.MaxSequences - 1);
        }

        if (budget.NeededBytes <= limitBytes)
        {
            return budget;
        }

        throw new RedisInferException(
            RedisInferErrorCode.OverBudget,
            $"{wanted.Arithmetic()}. Lower ContextSize, take KvType Q8_0 or a smaller model, give Redis a smaller maxmemory"
            + (least > 1 ? ", or set OverBudget to LowerConcurrency." : "; not even one request at a time fits."));

        MemoryBudget For(int sequences)
        {
            int cells = (int)((long)contextSize * sequences / maxSequences);
            MemoryEstimate context = ofCells(cells);
            MemoryNeed[] needs =
            [
                .. fixedNeeds,
                new($"KV cache of {cells} tokens for {sequences} requests at once", context.KvBytes),
                new("attention scores", context.ScoreBytes),
            ];
            return new MemoryBudget(limitBytes, needs, cells, sequences);
        }
    }

    /// <summary>The sum, for a person.</summary>
    public string Arithmetic() =>
        string.Join(" + ", _needs.Where(need => need.Bytes > 0).Select(need => $"{need.What} {Text(need.Bytes)}"))
        + $" = {Text(NeededBytes)}, and there {(NeededBytes <= LimitBytes ? "are" : "are only")} {Text(LimitBytes)}";

    private static string Text(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.#} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.##} GiB");
}
