using System.Runtime.ExceptionServices;

namespace RedisInfer.Threads;

/// <summary>
/// Items that several threads take one by one. Unlike <see cref="Parallel"/>, the caller waits for items that were taken, and never for a
/// helper that has not started: a pool without free threads would start it late.
/// </summary>
/// <param name="items">The items.</param>
/// <param name="work">What is done with each. Called on several threads at once.</param>
internal sealed class SharedWork<T>(IReadOnlyList<T> items, Action<T> work)
{
    private readonly ManualResetEventSlim _ended = new(items.Count == 0);
    private int _taken;
    private int _done;
    private ExceptionDispatchInfo? _error;

    /// <summary>Does the work on this thread and on <see cref="OwnThreads"/>.</summary>
    public void Run()
    {
        for (int helpers = Math.Min(items.Count, Environment.ProcessorCount) - 1; helpers > 0; helpers--)
        {
            OwnThreads.Post(_ => TakeAll(), null);
        }

        TakeAll();
        _ended.Wait();
        _error?.Throw();
    }

    private void TakeAll()
    {
        for (int i = Interlocked.Increment(ref _taken) - 1; i < items.Count; i = Interlocked.Increment(ref _taken) - 1)
        {
            try
            {
                work(items[i]);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            }

            if (Interlocked.Increment(ref _done) == items.Count)
                _ended.Set();
        }
    }
}
