using System.Runtime.CompilerServices;

namespace RedisInfer.Threads;

/// <summary>Waits for a task, and continues on <see cref="OwnThreads"/> if it was not complete.</summary>
internal readonly struct OwnThreadsAwaitable(ValueTask task) : ICriticalNotifyCompletion
{
    private readonly ValueTaskAwaiter _awaiter = task.GetAwaiter();

    public bool IsCompleted => _awaiter.IsCompleted;

    public OwnThreadsAwaitable GetAwaiter() => this;

    public void GetResult() => _awaiter.GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        using OwnThreadsScope scope = OwnThreadsScope.Enter();
        _awaiter.UnsafeOnCompleted(continuation);
    }
}
