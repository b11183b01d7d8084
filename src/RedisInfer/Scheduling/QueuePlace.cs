namespace RedisInfer.Scheduling;

/// <summary>
/// A place in the queue. Its holder gives it back by disposing of it, as long as no request was submitted with it. From then on the decode
/// loop alone gives it back. So the loop never holds more requests than there are places, even if callers leave early. Thread-safe.
/// </summary>
internal sealed class QueuePlace(QueuePlaces places, TimeSpan waited) : IDisposable
{
    private const int Held = 0, Submitted = 1, Released = 2;

    private int _state = Held;

    /// <summary>How long the request waited for it.</summary>
    public TimeSpan Waited { get; } = waited;

    /// <summary>Hands the place to the decode loop: disposal by its holder does nothing any more.</summary>
    public void Submit()
    {
        if (Interlocked.CompareExchange(ref _state, Submitted, Held) != Held)
        {
            throw new InvalidOperationException("The place in the queue was submitted or given back already. Enter again.");
        }
    }

    /// <summary>Gives the place back: its request starts to run, or has ended.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _state, Released) != Released)
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Released, Held) == Held)
        {
            places.Release();
        }
    }
}
