namespace RedisInfer.KvBlocks.InRedis;

/// <summary>A while in which what has just failed isn't tried again. Thread-safe.</summary>
internal sealed class KvPause(TimeProvider time)
{
    // A connection attempt may take seconds, and every question would wait for it.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private long _began;

    public bool IsOn
    {
        get
        {
            long began = Interlocked.Read(ref _began);
            return began != 0 && time.GetElapsedTime(began) < Length;
        }
    }

    /// <summary>Begins a pause, or makes the one that is on longer.</summary>
    /// <returns>Whether there was none: time to log why.</returns>
    public bool Begin()
    {
        bool wasOn = IsOn;
        Interlocked.Exchange(ref _began, Math.Max(1, time.GetTimestamp()));
        return !wasOn;
    }
}
