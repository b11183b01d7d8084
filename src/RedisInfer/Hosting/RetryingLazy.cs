using RedisInfer.Threads;

namespace RedisInfer.Hosting;

/// <summary>
/// Creates a value at its first use, once for all callers. A failed attempt is not kept: the next caller tries again. So a server that was
/// not available, or a file that was missing, does not break the process for good. A value that has failed later is replaced at the next
/// use. Thread-safe.
/// </summary>
/// <param name="make">Creates the value.</param>
/// <param name="hasFailed">Whether a value has failed for good and must be replaced; <see langword="null"/>: values do not fail.</param>
internal sealed class RetryingLazy<T>(Func<CancellationToken, Task<T>> make, Func<T, bool>? hasFailed = null)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private volatile T? _value;

    /// <summary>The value, if it was created and has not failed.</summary>
    public T? Value => _value is { } value && hasFailed?.Invoke(value) != true ? value : null;

    /// <summary>Returns the value; creates it if necessary.</summary>
    /// <exception cref="ObjectDisposedException">This object is closed.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        Value is { } value ? ValueTask.FromResult(value) : MakeAsync(cancellationToken);

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

    /// <summary>Disposes of a value that has failed, because there may be room for only one.</summary>
    private async ValueTask DropFailedAsync()
    {
        T? failed = _value;
        _value = null;
        if (failed is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<T> MakeAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        await _gate.WaitAsync(cancellationToken).OnOwnThread();
        try
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            if (Value is null)
            {
                await DropFailedAsync().ConfigureAwait(false);
                _value = await make(stop.Token).ConfigureAwait(false);
            }

            return _value!;
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
