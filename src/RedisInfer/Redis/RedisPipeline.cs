namespace RedisInfer.Redis;

/// <summary>
/// Sends commands without waiting for each answer, in batches of limited size. Cancellation is observed between batches. Every command that
/// was sent is awaited. Not thread-safe.
/// </summary>
internal sealed class RedisPipeline(CancellationToken cancellationToken)
{
    private const int MaxCommands = 256;
    private const long MaxBytes = 1 << 20;

    private readonly List<Task> _sent = [];
    private long _bytes;

    /// <summary>Adds a command that was sent. If the batch is full, waits for all commands in it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="bytes">Its approximate size, in bytes.</param>
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
