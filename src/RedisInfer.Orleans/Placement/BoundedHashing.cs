using System.IO.Hashing;
using System.Text;

namespace RedisInfer.Orleans.Placement;

/// <summary>
/// Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016), by weighted rendezvous hashing (Thaler, Ravishankar 1996):
/// every context ranks all hosts, and goes to the first that has room. If a host comes or leaves, only its own contexts move. Pure.
/// </summary>
internal static class BoundedHashing
{
    // 2 to the power of 53: the numbers that a double represents exactly.
    private const double Scale = 1.0 / (1L << 53);

    /// <summary>Chooses the host for one more request.</summary>
    /// <param name="context">The context of the request.</param>
    /// <param name="bins">The hosts; at least one.</param>
    /// <param name="loadFactor">How much more than its share a host may have; at least 1.</param>
    /// <returns>Index of the host, and whether it is another than the first of the context's ranking.</returns>
    public static (int Index, bool IsMoved) Choose(string context, IReadOnlyList<Bin> bins, double loadFactor)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bins.Count);
        long load = bins.Sum(bin => (long)bin.Load);
        long slots = bins.Sum(bin => (long)bin.Slots);
        int first = -1, chosen = -1;
        double firstScore = double.NegativeInfinity, chosenScore = double.NegativeInfinity;
        for (int i = 0; i < bins.Count; i++)
        {
            double score = Score(context, bins[i]);
            if (score > firstScore)
            {
                (first, firstScore) = (i, score);
            }

            if (score > chosenScore && bins[i].Load < Bound(bins[i], load, slots, loadFactor))
            {
                (chosen, chosenScore) = (i, score);
            }
        }

        // There is always one: if all had reached their bounds, they would have more than all load together.
        return (chosen, chosen != first);
    }

    /// <summary>Requests that a host may have, with the new one: its slots, or its share of all requests times the factor.</summary>
    public static double Bound(Bin bin, long load, long slots, double loadFactor) =>
        Math.Max(bin.Slots, Math.Ceiling(loadFactor * (load + 1) * bin.Slots / slots));

    /// <summary>The rank of a host for a context: the greatest comes first. A host with twice the slots comes first twice as often.</summary>
    private static double Score(string context, Bin bin)
    {
        ulong hash = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{context}\n{bin.Name}"));
        double uniform = ((hash >> 11) + 0.5) * Scale; // between 0 and 1, neither included
        return -bin.Slots / Math.Log(uniform);
    }
}
