namespace RedisInfer.Tests.Integration.Garnet;

/// <summary>A clock that is <paramref name="offset"/> ahead. Its timers run <paramref name="timesFaster"/> times faster.</summary>
internal sealed class HastyTime(int timesFaster, TimeSpan offset = default) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

    private TimeSpan Faster(TimeSpan span) => span > TimeSpan.Zero ? span / timesFaster : span;
}
