using System.Diagnostics;

namespace RedisInfer.Benchmarks.Load;

/// <summary>An answer and its times.</summary>
/// <param name="Start">Timestamp at which the question was to be asked.</param>
/// <param name="End">Timestamp at which the answer was complete.</param>
/// <param name="LongestGap">The longest time between two pieces of its text.</param>
/// <param name="Answer">The answer.</param>
internal sealed record TimedAnswer(long Start, long End, TimeSpan LongestGap, RagAnswer Answer)
{
    /// <summary>Seconds from the question to the end of the answer.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(Start, End).TotalSeconds;

    /// <summary>Milliseconds for each token after the first.</summary>
    public double StepMilliseconds => Answer.Timings.Decode.TotalMilliseconds / Math.Max(1, Answer.Usage.GeneratedTokens - 1);
}
