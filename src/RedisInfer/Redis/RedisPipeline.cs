namespace RedisInfer.Redis;

/// <summary>
/// Sends commands without waiting for each answer, a bounded number at a time. Not thread-safe. Cancellation is observed
/// between batches; no command that was sent is left unawaited.
/// </summary>
internal sealed class RedisPipeline(CancellationToken cancellationToken)
{
    private const int MaxCommands = 256;
    private const long MaxBytes = 1 << 20;

    private readonly List<Task> _sent = [];
    private long _bytes;

    /// <summary>Takes a command that was sent; waits for all of them once the batch is full.</summary>
    /// <param name="command">The command.</param>
    /// <param name="bytes">What it carries, roughly.</param>
    public ValueTask AddAsync(Task command, long bytes = 0)
    {
        _sent.Add(command);
        _bytes += bytes;
        return _sent.Count >= MaxCommands || _bytes >= MaxBytes ? DrainAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Waits until all commands are answered.</summary>
    public async ValueTask DrainAsync()
    {
        Task[] batch = [.. _sent];
        _sent.Clear();
        _bytes = 0;
        await Task.WhenAll(batch).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
