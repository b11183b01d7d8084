using System.Runtime.CompilerServices;

namespace RedisInfer.Threads;

/// <summary>Waits for the result of a task, and continues on <see cref="OwnThreads"/> if it was not complete.</summary>
internal readonly struct OwnThreadsResult<T>(ValueTask<T> task) : ICriticalNotifyCompletion
{
    private readonly ValueTaskAwaiter<T> _awaiter = task.GetAwaiter();

    public bool IsCompleted => _awaiter.IsCompleted;

    public OwnThreadsResult<T> GetAwaiter() => this;

    public T GetResult() => _awaiter.GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        using OwnThreadsScope scope = OwnThreadsScope.Enter();
        _awaiter.UnsafeOnCompleted(continuation);
    }
}
