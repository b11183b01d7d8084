namespace RedisInfer.Redis;

/// <summary>A value that was loaded from Redis. Its memory is valid until disposal.</summary>
public sealed class LoadedContext : IDisposable
{
    private IDisposable? _owner;
    private ReadOnlyMemory<byte> _value;

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="strategy">How the bytes were loaded: a short name such as <c>pinned</c>.</param>
    /// <param name="reason">Why the strategy that was tried first was not used; <see langword="null"/> if it was.</param>
    /// <param name="owner">Disposed of together with this value, to free the bytes; <see langword="null"/>: nothing.</param>
    public LoadedContext(ReadOnlyMemory<byte> value, string strategy, string? reason = null, IDisposable? owner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(strategy);
        _value = value;
        _owner = owner;
        Strategy = strategy;
        Reason = reason;
    }

    /// <summary>The bytes; empty after disposal.</summary>
    public ReadOnlyMemory<byte> Value => _value;

    /// <summary>How the bytes were loaded.</summary>
    public string Strategy { get; }

    /// <summary>Why the strategy that was tried first was not used; <see langword="null"/> if it was.</summary>
    public string? Reason { get; }

    /// <summary>Frees the memory. The bytes must not be read any more.</summary>
    public void Dispose()
    {
        _value = default;
        Interlocked.Exchange(ref _owner, null)?.Dispose();
    }
}
