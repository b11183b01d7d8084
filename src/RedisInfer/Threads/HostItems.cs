namespace RedisInfer.Threads;

/// <summary>Gives items to the host; see <see cref="HostTasks"/>.</summary>
internal sealed class HostItems<T>(IAsyncEnumerable<T> items) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(items.GetAsyncEnumerator(cancellationToken));

    private sealed class Enumerator(IAsyncEnumerator<T> items) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public ValueTask<bool> MoveNextAsync()
        {
            ValueTask<bool> next = items.MoveNextAsync();
            return next.IsCompleted ? next : new ValueTask<bool>(next.AsTask().ForHost());
        }

        public ValueTask DisposeAsync()
        {
            ValueTask end = items.DisposeAsync();
            return end.IsCompleted ? end : new ValueTask(end.AsTask().ForHost());
        }
    }
}
