namespace RedisInfer.Hosting;

/// <summary>
/// Makes a value on first use, once for all callers. A failed attempt is not kept: the next caller tries again, so that a
/// server that was away or a file that was missing does not spoil the process.
/// </summary>
internal sealed class RetryingLazy<T>(Func<CancellationToken, Task<T>> make)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile T? _value;

    /// <summary>The value, if it was made.</summary>
    public T? Value => _value;

    /// <summary>The value; made now if it was not yet.</summary>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        _value is { } value ? ValueTask.FromResult(value) : MakeAsync(cancellationToken);

    /// <summary>Stops an attempt under way and allows no other.</summary>
    /// <returns>The value, if it was made; the caller disposes of it.</returns>
    public async Task<T?> CloseAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync().ConfigureAwait(false);
        T? value = _value;
        _gate.Release();
        return value;
    }

    private async ValueTask<T> MakeAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            return _value ??= await make(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(typeof(T).Name, "The runtime was disposed of while this was being made.");
        }
        finally
        {
            _gate.Release();
        }
    }
}
