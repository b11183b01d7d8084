using System.Collections.Concurrent;

namespace RedisInfer.Threads;

/// <summary>
/// One thread that computes for its owner, one thing after another. Native compute threads are pinned with the thread that calls them, so
/// that must always be the same one. Thread-safe.
/// </summary>
internal sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action> _queue = new();

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    public ComputeThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.UnsafeStart();

    /// <summary>Computes something on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> compute)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                result.SetResult(compute());
            }
            catch (OperationCanceledException e)
            {
                result.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    /// <summary>Ends the thread after what it has been given.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Run()
    {
        using (_queue)
        {
            foreach (Action action in _queue.GetConsumingEnumerable())
            {
                action();
            }
        }
    }
}
