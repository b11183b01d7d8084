namespace RedisInfer.Orleans.Placement;

/// <summary>What is known of another silo. Thread-safe.</summary>
internal sealed class SiloEntry
{
    private volatile State _state = new(null, 0, 0);
    private int _inFlight;

    /// <summary>What it told last; <see langword="null"/>: nothing yet.</summary>
    public SiloReport? Report => _state.Report;

    /// <summary>When it told that, as a timestamp.</summary>
    public long ReceivedAt => _state.ReceivedAt;

    /// <summary>Takes a report.</summary>
    public void Take(SiloReport report, long receivedAt) => _state = new State(report, receivedAt, Volatile.Read(ref _inFlight));

    /// <summary>The load of a runtime there: what it told, with the requests that this silo has sent there or taken back since.</summary>
    public int LoadOf(RuntimeReport runtime) => Math.Max(0, runtime.Load - _state.OwnThen) + Volatile.Read(ref _inFlight);

    /// <summary>This silo sends a request there.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>The request has ended.</summary>
    public void End() => Interlocked.Decrement(ref _inFlight);

    private sealed record State(SiloReport? Report, long ReceivedAt, int OwnThen);
}
