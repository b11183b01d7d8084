namespace RedisInfer.Threads;

/// <summary>Posts to <see cref="OwnThreads"/>.</summary>
internal sealed class OwnThreadsContext : SynchronizationContext
{
    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => OwnThreads.Post(d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing waits for these threads: use Post.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;
}
