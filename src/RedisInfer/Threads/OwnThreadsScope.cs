namespace RedisInfer.Threads;

/// <summary>While it is in use, a wait that captures the context continues on <see cref="OwnThreads"/>. Puts the former context back.</summary>
internal readonly struct OwnThreadsScope : IDisposable
{
    private readonly SynchronizationContext? _before;

    private OwnThreadsScope(SynchronizationContext? before) => _before = before;

    public static OwnThreadsScope Enter()
    {
        var scope = new OwnThreadsScope(SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(OwnThreads.Context);
        return scope;
    }

    public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
}
