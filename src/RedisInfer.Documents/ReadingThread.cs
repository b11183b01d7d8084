namespace RedisInfer.Documents;

/// <summary>
/// Runs the reading of one document on a thread of its own, because libraries that parse formats know neither cancellation nor time. What
/// they are given to read ends when the token is canceled, which ends most of them. If one does not end all the same, its caller leaves, and
/// the thread is abandoned.
/// </summary>
/// <remarks>
/// An abandoned thread costs a CPU's time, at the lowest priority, and the memory of its document until it ends, if ever. While there are
/// <see cref="MaxAbandoned"/> of them, this process reads no further documents with libraries: each is skipped with the reason.
/// </remarks>
internal static class ReadingThread
{
    /// <summary>Most abandoned threads of a process.</summary>
    public const int MaxAbandoned = 4;

    // Nesting is limited, so this is more than enough. It also does not depend on the host's threads.
    private const int StackBytes = 16 << 20;

    private static int _abandoned;

    /// <summary>Reads.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="read">Reads, until the token is canceled.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What <paramref name="read"/> returned.</returns>
    /// <exception cref="SkippedDocumentException">Too many threads are abandoned.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, T> read, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _abandoned) >= MaxAbandoned)
            throw new SkippedDocumentException($"{MaxAbandoned} documents are still being read, long after their time. Restart the process.");
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(read, result, cancellationToken), StackBytes) { IsBackground = true, Name = "RedisInfer document" };
        thread.Start();
        try
        {
            return await result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!result.Task.IsCompleted)
                Abandon(thread, result.Task);
        }
    }

    private static void Run<T>(Func<CancellationToken, T> read, TaskCompletionSource<T> result, CancellationToken cancellationToken)
    {
        try
        {
            result.TrySetResult(read(cancellationToken));
        }
        catch (Exception e)
        {
            result.TrySetException(e);
        }
    }

    private static void Abandon(Thread thread, Task result)
    {
        Interlocked.Increment(ref _abandoned);
        try
        {
            thread.Priority = ThreadPriority.Lowest;
        }
        catch (ThreadStateException)
        {
            // It has ended meanwhile.
        }

        _ = result.ContinueWith(
            task =>
            {
                _ = task.Exception;
                Interlocked.Decrement(ref _abandoned);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
