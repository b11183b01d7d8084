namespace RedisInfer.Scheduling;

/// <summary>A place in the queue; given back when its request starts to run, or by whoever holds it. Thread-safe.</summary>
internal sealed class QueuePlace(QueuePlaces places, TimeSpan waited) : IDisposable
{
    private int _released;

    /// <summary>How long its holder waited for it.</summary>
    public TimeSpan Waited { get; } = waited;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            places.Release();
        }
    }
}
