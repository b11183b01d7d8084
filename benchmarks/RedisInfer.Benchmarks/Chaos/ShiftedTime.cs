namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The clock of a host that is set wrong. Its time passes at the right speed.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
