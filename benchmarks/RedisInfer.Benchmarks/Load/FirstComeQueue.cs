namespace RedisInfer.Benchmarks.Load;

/// <summary>A plain queue: one answer at a time, first come, first served. What a scheduler must beat with the same work.</summary>
internal static class FirstComeQueue
{
    /// <summary>Mean time of an answer for callers in a closed loop.</summary>
    /// <param name="seconds">The time that each answer takes alone, in the order of the questions.</param>
    /// <param name="callers">Number of callers.</param>
    public static double MeanOfClosedLoop(IReadOnlyList<double> seconds, int callers)
    {
        // A caller asks again when its answer ends, so it is then the last in the queue.
        var asked = new Queue<double>(Enumerable.Repeat(0.0, callers));
        double end = 0, sum = 0;
        foreach (double time in seconds)
        {
            double start = asked.Dequeue();
            end += time;
            sum += end - start;
            asked.Enqueue(end);
        }

        return sum / seconds.Count;
    }

    /// <summary>Mean time of an answer for arrivals at given times.</summary>
    /// <param name="seconds">The time that each answer takes alone.</param>
    /// <param name="arrivals">When each question arrives, ascending.</param>
    public static double MeanOfArrivals(IReadOnlyList<double> seconds, IReadOnlyList<double> arrivals)
    {
        double end = 0, sum = 0;
        for (int i = 0; i < seconds.Count; i++)
        {
            end = Math.Max(end, arrivals[i]) + seconds[i];
            sum += end - arrivals[i];
        }

        return sum / seconds.Count;
    }
}
