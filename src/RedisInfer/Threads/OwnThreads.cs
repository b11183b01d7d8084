using System.Collections.Concurrent;

namespace RedisInfer.Threads;

/// <summary>
/// A few threads, shared by all runtimes of the process, that run what follows a wait of a question. A host whose callers block the threads
/// of its pool leaves none there to run it. Work here must not block. Thread-safe.
/// </summary>
internal static class OwnThreads
{
    private const int LeastThreads = 4;

    private static readonly BlockingCollection<(SendOrPostCallback Call, object? State)> Queue = new();

    static OwnThreads()
    {
        for (int i = Math.Max(LeastThreads, Environment.ProcessorCount); i > 0; i--)
        {
            new Thread(Run) { IsBackground = true, Name = "RedisInfer work" }.UnsafeStart();
        }
    }

    /// <summary>
    /// A wait that captures this context continues on these threads. The threads themselves have no context. So one step after another runs
    /// on the same thread, without a detour through the pool.
    /// </summary>
    public static SynchronizationContext Context { get; } = new OwnThreadsContext();

    /// <summary>Waits for a task, and continues on these threads.</summary>
    public static OwnThreadsAwaitable OnOwnThread(this Task task) => new(new ValueTask(task));

    /// <inheritdoc cref="OnOwnThread(Task)"/>
    public static OwnThreadsResult<T> OnOwnThread<T>(this Task<T> task) => new(new ValueTask<T>(task));

    /// <inheritdoc cref="OnOwnThread(Task)"/>
    public static OwnThreadsResult<T> OnOwnThread<T>(this ValueTask<T> task) => new(task);

    /// <summary>
    /// A task that ends with another one. What awaits it, or combines it with others, continues on these threads.
    /// </summary>
    public static async Task ViaOwnThread(this Task task) => await task.OnOwnThread();

    /// <inheritdoc cref="ViaOwnThread(Task)"/>
    public static async Task<T> ViaOwnThread<T>(this Task<T> task) => await task.OnOwnThread();

    /// <summary>Computes something on these threads.</summary>
    public static Task<T> RunAsync<T>(Func<T> compute)
    {
        var result = new TaskCompletionSource<T>();
        Post(
            _ =>
            {
                try
                {
                    result.SetResult(compute());
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            },
            null);
        return result.Task;
    }

    /// <summary>Starts something on these threads.</summary>
    public static void Post(SendOrPostCallback call, object? state) => Queue.Add((call, state));

    private static void Run()
    {
        foreach ((SendOrPostCallback call, object? state) in Queue.GetConsumingEnumerable())
        {
            call(state);
        }
    }
}
