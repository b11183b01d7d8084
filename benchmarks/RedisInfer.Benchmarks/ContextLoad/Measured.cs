using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>The result of measuring one operation in several rounds.</summary>
/// <param name="Ms">Median time, in milliseconds.</param>
/// <param name="AllocatedBytes">Median of the bytes that the process allocated, collected or not.</param>
/// <param name="Collections">Full garbage collections in all rounds.</param>
internal sealed record Measured(double Ms, long AllocatedBytes, int Collections)
{
    /// <summary>
    /// Runs each way once to warm up, then all of them in rounds, one after the other. Other load on the machine then affects all
    /// of them alike.
    /// </summary>
    public static async Task<Measured[]> RunAsync(int rounds, params Func<Task>[] ways)
    {
        var times = ways.Select(_ => new List<double>()).ToArray();
        var bytes = ways.Select(_ => new List<long>()).ToArray();
        int[] collections = new int[ways.Length];
        for (int round = -1; round < rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                int before = GC.CollectionCount(2);
                long allocated = GC.GetTotalAllocatedBytes(precise: true);
                long started = Stopwatch.GetTimestamp();
                await ways[way]();
                double ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (round < 0)
                    continue;
                times[way].Add(ms);
                bytes[way].Add(GC.GetTotalAllocatedBytes(precise: true) - allocated);
                collections[way] += GC.CollectionCount(2) - before;
            }
        }

        return [.. ways.Select((_, way) => new Measured(Median(times[way]), Median(bytes[way]), collections[way]))];
    }

    public static T Median<T>(IEnumerable<T> values)
    {
        T[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Ms,9:0.000} ms  {AllocatedBytes / 1024.0,12:0.0} KB allocated  {Collections,3} full collections");
}
