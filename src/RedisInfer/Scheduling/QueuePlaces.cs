using RedisInfer.Errors;
using RedisInfer.Threads;

namespace RedisInfer.Scheduling;

/// <summary>
/// The places of the bounded queue. A request takes one before any work is done for it. So passages and prompts of a bounded number of
/// requests are in memory, however many callers there are. If no place is free, callers get the next ones in turns
/// (<see cref="FairLine{T}"/>): a caller that sends many requests does not keep another out. Thread-safe.
/// </summary>
internal sealed class QueuePlaces(
    int capacity, FullQueueBehavior whenFull, TimeSpan? timeout, SchedulerMetrics metrics, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly FairLine<TaskCompletionSource> _line = new();
    private int _taken;
    private Func<Exception>? _whyClosed;

    /// <summary>Requests that hold a place or wait for one.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _taken + _line.Count;
            }
        }
    }

    /// <summary>Takes a place. If none is free, waits or throws, as the host has configured.</summary>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.QueueFull"/>.</exception>
    public ValueTask<QueuePlace> EnterAsync(string caller, int priority, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_whyClosed is not null)
            {
                throw _whyClosed();
            }

            if (_taken < capacity)
            {
                _taken++;
                return ValueTask.FromResult(new QueuePlace(this, TimeSpan.Zero));
            }

            if (whenFull == FullQueueBehavior.Wait)
            {
                _line.Add(caller, priority, waiter);
            }
        }

        return whenFull == FullQueueBehavior.Wait
            ? WaitAsync(waiter, cancellationToken)
            : throw Full($"The queue is full: {capacity} requests are waiting already");
    }

    /// <summary>Gives out no more places. Requests that wait for one, and later ones, get an exception.</summary>
    /// <param name="why">Creates the exception.</param>
    public void Close(Func<Exception> why)
    {
        lock (_lock)
        {
            _whyClosed = why;
            _line.RemoveWhere(_ => true, waiter => waiter.SetException(why()));
        }
    }

    internal void Release()
    {
        lock (_lock)
        {
            if (_line.Count > 0)
            {
                _line.Take().SetResult();
            }
            else
            {
                _taken--;
            }
        }
    }

    private async ValueTask<QueuePlace> WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        try
        {
            await waiter.Task.ViaOwnThread().WaitAsync(timeout ?? Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (!Leave(waiter))
            {
                Release(); // The place became free at the same moment: pass it on.
            }

            throw e is TimeoutException ? Full($"No place became free within {timeout}: {capacity} requests are waiting already") : e;
        }

        return new QueuePlace(this, time.GetElapsedTime(start));
    }

    /// <returns>Whether the request was still waiting.</returns>
    private bool Leave(TaskCompletionSource waiter)
    {
        bool waited = false;
        lock (_lock)
        {
            _line.RemoveWhere(other => other == waiter, _ => waited = true);
        }

        return waited;
    }

    private RedisInferException Full(string what)
    {
        metrics.Refused();
        return new RedisInferException(
            RedisInferErrorCode.QueueFull, $"{what}. Try again later, or raise QueueCapacity or MaxConcurrentRequests.");
    }
}
