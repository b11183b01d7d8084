namespace RedisInfer.Redis;

/// <summary>A value read from Redis. Its memory is valid until it is disposed of.</summary>
public sealed class LoadedContext : IDisposable
{
    private IDisposable? _owner;
    private ReadOnlyMemory<byte> _value;

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="strategy">How they were loaded: a short name such as <c>pinned</c>.</param>
    /// <param name="reason">Why not by the way that was tried first; <see langword="null"/> where it was.</param>
    /// <param name="owner">What to dispose of when the bytes are not needed any more; <see langword="null"/>: nothing.</param>
    public LoadedContext(ReadOnlyMemory<byte> value, string strategy, string? reason = null, IDisposable? owner = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(strategy);
        _value = value;
        _owner = owner;
        Strategy = strategy;
        Reason = reason;
    }

    /// <summary>The bytes; none after disposal.</summary>
    public ReadOnlyMemory<byte> Value => _value;

    /// <summary>How they were loaded.</summary>
    public string Strategy { get; }

    /// <summary>Why not by the way that was tried first.</summary>
    public string? Reason { get; }

    /// <summary>Gives the memory back. Nobody may read it any more.</summary>
    public void Dispose()
    {
        _value = default;
        Interlocked.Exchange(ref _owner, null)?.Dispose();
    }
}
