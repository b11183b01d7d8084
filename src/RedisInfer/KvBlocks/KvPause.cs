namespace RedisInfer.KvBlocks;

/// <summary>A period in which an operation that has just failed is not tried again. Thread-safe.</summary>
internal sealed class KvPause(TimeProvider time)
{
    // Without a pause, every question would wait for a connection attempt, which may take seconds.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private long _began;

    public bool IsOn => Rest > TimeSpan.Zero;

    /// <summary>Time until it ends; zero if it is not on.</summary>
    public TimeSpan Rest
    {
        get
        {
            long began = Interlocked.Read(ref _began);
            TimeSpan rest = began == 0 ? TimeSpan.Zero : Length - time.GetElapsedTime(began);
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>Begins a pause, or extends the current one.</summary>
    /// <returns>Whether there was none before, so that the cause should be logged.</returns>
    public bool Begin()
    {
        bool wasOn = IsOn;
        Interlocked.Exchange(ref _began, Math.Max(1, time.GetTimestamp()));
        return !wasOn;
    }
}
