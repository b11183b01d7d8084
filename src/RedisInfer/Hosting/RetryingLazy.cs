namespace RedisInfer.Hosting;

/// <summary>
/// Creates a value at its first use, once for all callers. A failed attempt is not kept: the next caller tries again. So a server that was
/// not available, or a file that was missing, does not break the process for good. Thread-safe.
/// </summary>
internal sealed class RetryingLazy<T>(Func<CancellationToken, Task<T>> make)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile T? _value;

    /// <summary>The value, if it was created.</summary>
    public T? Value => _value;

    /// <summary>Returns the value; creates it if necessary.</summary>
    /// <exception cref="ObjectDisposedException">This object is closed.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        _value is { } value ? ValueTask.FromResult(value) : MakeAsync(cancellationToken);

    /// <summary>Stops a running attempt and prevents others.</summary>
    /// <returns>The value, if it was created. The caller disposes of it.</returns>
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
            throw new ObjectDisposedException(typeof(T).Name, "The runtime was disposed of while this part was created.");
        }
        finally
        {
            _gate.Release();
        }
    }
}
