namespace RedisInfer.Threads;

/// <summary>
/// Gives results to the host. What the host does with a result never runs on <see cref="OwnThreads"/>: it may block. A host's thread that
/// is blocked until the result is there gets it directly, without the help of the pool.
/// </summary>
internal static class HostTasks
{
    public static Task<T> ForHost<T>(this Task<T> work)
    {
        if (work.IsCompleted)
            return work;

        var given = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = work.ContinueWith(
            static (task, given) => ((TaskCompletionSource<T>)given!).SetFromTask(task),
            given,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return given.Task;
    }

    public static Task ForHost(this Task work)
    {
        if (work.IsCompleted)
            return work;

        var given = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = work.ContinueWith(
            static (task, given) => ((TaskCompletionSource)given!).SetFromTask(task),
            given,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return given.Task;
    }

    public static IAsyncEnumerable<T> ForHost<T>(this IAsyncEnumerable<T> items) => new HostItems<T>(items);
}
