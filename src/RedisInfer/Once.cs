namespace RedisInfer;

/// <summary>
/// Makes a value on first use, once for all callers. A failed attempt is not kept: the next caller tries again, so that a
/// server that was away or a file that was missing does not spoil the process.
/// </summary>
internal sealed class Once<T>(Func<CancellationToken, Task<T>> make)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile T? _value;

    /// <summary>The value, if it was made.</summary>
    public T? Value => _value;

    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        _value is { } value ? ValueTask.FromResult(value) : MakeAsync(cancellationToken);

    private async ValueTask<T> MakeAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _value ??= await make(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }
}
