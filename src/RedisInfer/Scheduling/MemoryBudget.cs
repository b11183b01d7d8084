using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>Checks whether the memory that a runtime needs is available. Pure.</summary>
internal sealed class MemoryBudget
{
    // Upper bound of the default for KV states outside the context. A host that wants more says so.
    private const long DefaultPoolBytes = 4L << 30;

    private readonly IReadOnlyList<MemoryNeed> _needs;

    private MemoryBudget(long limitBytes, IReadOnlyList<MemoryNeed> needs, int contextSize, int maxSequences, long poolBytes)
    {
        PoolBytes = poolBytes;
        LimitBytes = limitBytes;
        _needs = needs;
        ContextSize = contextSize;
        MaxSequences = maxSequences;
    }

    /// <summary>Available bytes.</summary>
    public long LimitBytes { get; }

    /// <summary>KV cells that fit.</summary>
    public int ContextSize { get; }

    /// <summary>Requests that run at once.</summary>
    public int MaxSequences { get; }

    /// <summary>Bytes for KV states that are kept outside the context.</summary>
    public long PoolBytes { get; }

    /// <summary>Total bytes needed.</summary>
    public long NeededBytes => _needs.Sum(need => need.Bytes);

    /// <summary>Checks that everything fits.</summary>
    /// <param name="limitBytes">Available bytes.</param>
    /// <param name="fixedNeeds">Needs that do not depend on the size of the KV cache.</param>
    /// <param name="contextSize">Requested KV cells.</param>
    /// <param name="maxSequences">Requested number of requests at once; each has an equal share of the cells.</param>
    /// <param name="ofCells">Estimates the memory of a context with a given number of KV cells, for a number of requests at once.</param>
    /// <param name="whenOver">What to do if it does not fit.</param>
    /// <param name="poolBytes">
    /// Bytes for KV states that are kept outside the context; <see langword="null"/>: half of what is left, up to 4 GiB.
    /// </param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.OverBudget"/>, with the arithmetic.</exception>
    public static MemoryBudget Fit(
        long limitBytes,
        IReadOnlyList<MemoryNeed> fixedNeeds,
        int contextSize,
        int maxSequences,
        Func<int, int, MemoryEstimate> ofCells,
        OverBudgetBehavior whenOver,
        long? poolBytes = null)
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
            return poolBytes is null
                ? budget.With(Math.Min(DefaultPoolBytes, (limitBytes - budget.NeededBytes) / 2))
                : budget;
        }

        throw new RedisInferException(
            RedisInferErrorCode.OverBudget,
            $"{wanted.Arithmetic()}. Lower ContextSize or KvCache.MemoryBytes, set KvType to Q8_0, use a smaller model or lower the maxmemory of Redis"
            + (least > 1 ? ", or set OverBudget to LowerConcurrency." : ": not even one request at a time fits."));

        MemoryBudget For(int sequences)
        {
            int cells = (int)((long)contextSize * sequences / maxSequences);
            MemoryEstimate context = ofCells(cells, sequences);
            MemoryNeed[] needs =
            [
                .. fixedNeeds,
                new($"KV cache of {cells} tokens for {sequences} requests at once", context.KvBytes),
                new("attention scores", context.ScoreBytes),
                new("KV state of a request on its way", poolBytes == 0 ? 0 : context.KvBytes / sequences),
            ];
            return new MemoryBudget(limitBytes, needs, cells, sequences, 0).With(poolBytes ?? 0);
        }
    }

    private MemoryBudget With(long poolBytes) =>
        new(LimitBytes, [.. _needs, new MemoryNeed("KV states in memory", poolBytes)], ContextSize, MaxSequences, poolBytes);

    /// <summary>The sum of all needs and the available bytes, as text for error messages and logs.</summary>
    public string Arithmetic() =>
        string.Join(" + ", _needs.Where(need => need.Bytes > 0).Select(need => $"{need.What} {Text(need.Bytes)}"))
        + $" = {Text(NeededBytes)}, and there {(NeededBytes <= LimitBytes ? "are" : "are only")} {Text(LimitBytes)}";

    private static string Text(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.#} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.##} GiB");
}
