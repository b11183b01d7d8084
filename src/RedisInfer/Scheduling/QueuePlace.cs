namespace RedisInfer.Scheduling;

/// <summary>A place in the queue. Given back when its request starts to run, or when its holder disposes of it. Thread-safe.</summary>
internal sealed class QueuePlace(QueuePlaces places, TimeSpan waited) : IDisposable
{
    private int _released;

    /// <summary>How long the request waited for it.</summary>
    public TimeSpan Waited { get; } = waited;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            places.Release();
        }
    }
}
