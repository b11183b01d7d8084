using System.Collections.Concurrent;

namespace RedisInfer.Tests.Support;

/// <summary>
/// The clock of the system, except that waits of 1 to 20 seconds end at once. Periodic timers keep their time, and so do longer ones: they
/// limit how long something else may take.
/// </summary>
/// <param name="duringWait">Runs before such a wait ends, with the number of these waits so far.</param>
public sealed class SkippingTime(Action<int>? duringWait = null) : TimeProvider
{
    private static readonly TimeSpan LeastSkipped = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostSkipped = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<TimeSpan> _skipped = new();

    /// <summary>The waits that ended at once, in order.</summary>
    public IReadOnlyCollection<TimeSpan> Skipped => _skipped;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool isPeriodic = period != Timeout.InfiniteTimeSpan;
        if (isPeriodic || dueTime < LeastSkipped || dueTime > MostSkipped)
            return base.CreateTimer(callback, state, dueTime, period);
        _skipped.Enqueue(dueTime);
        duringWait?.Invoke(_skipped.Count);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
