using System.Diagnostics;

namespace RedisInfer.Benchmarks.Load;

/// <summary>Asks questions as users do.</summary>
internal static class Callers
{
    private const int Seed = 1;

    /// <summary>A closed loop: each caller asks the next question as soon as it has its answer.</summary>
    /// <param name="questions">The questions, in the order in which they are asked.</param>
    /// <param name="callers">Number of callers.</param>
    /// <param name="ask">Asks a question: the question's number, the caller's number and the timestamp from which its time counts.</param>
    public static async Task<LoadResult> AskInTurnsAsync(int questions, int callers, Func<int, int, long, Task<TimedAnswer>> ask)
    {
        int next = -1;
        var answers = new TimedAnswer[questions];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(RunAsync));
        return new LoadResult(Stopwatch.GetElapsedTime(start), answers);

        async Task RunAsync(int caller)
        {
            for (int i = Interlocked.Increment(ref next); i < questions; i = Interlocked.Increment(ref next))
            {
                answers[i] = await ask(i, caller, Stopwatch.GetTimestamp());
            }
        }
    }

    /// <summary>Asks at random times, whether earlier answers are complete or not. Each question has a caller of its own.</summary>
    /// <param name="arrivals">Seconds after which each question is asked.</param>
    /// <param name="ask">As for <see cref="AskInTurnsAsync"/>.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<LoadResult> AskOnArrivalAsync(
        IReadOnlyList<double> arrivals, Func<int, int, long, Task<TimedAnswer>> ask, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimedAnswer[] answers = await Task.WhenAll(arrivals.Select(async (seconds, i) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
            return await ask(i, i, start + (long)(seconds * Stopwatch.Frequency));
        }));
        return new LoadResult(Stopwatch.GetElapsedTime(start), answers);
    }

    /// <summary>Arrivals that know nothing of each other (Poisson), always the same for the same mean gap.</summary>
    public static IReadOnlyList<double> Arrivals(int count, double meanGap)
    {
        var random = new Random(Seed);
        double at = 0;
        return [.. Enumerable.Range(0, count).Select(_ => at += -Math.Log(1 - random.NextDouble()) * meanGap)];
    }
}
