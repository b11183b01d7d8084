using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>Rounds of one thing: the median of what each took, and what it allocated.</summary>
/// <param name="Ms">Median time, in milliseconds.</param>
/// <param name="AllocatedBytes">Median of bytes allocated by the process, garbage-collected or not.</param>
/// <param name="Collections">Full garbage collections in all rounds.</param>
internal sealed record Measured(double Ms, long AllocatedBytes, int Collections)
{
    /// <summary>Runs something once to warm up, and then in rounds.</summary>
    public static async Task<Measured> RunAsync(int rounds, Func<Task> run)
    {
        await run();
        var times = new List<double>();
        var bytes = new List<long>();
        int collections = GC.CollectionCount(2);
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long started = Stopwatch.GetTimestamp();
            await run();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            bytes.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return new Measured(Median(times), Median(bytes), GC.CollectionCount(2) - collections);
    }

    public static T Median<T>(IEnumerable<T> values)
    {
        T[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Ms,9:0.000} ms  {AllocatedBytes / 1024.0,12:0.0} KB allocated  {Collections,3} full collections");
}
