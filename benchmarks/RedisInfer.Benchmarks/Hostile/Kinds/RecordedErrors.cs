using Microsoft.Extensions.Logging;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Keeps the first exception that is logged.</summary>
internal sealed class RecordedErrors : ILoggerFactory, ILogger
{
    private Exception? _first;

    public Exception? First => Volatile.Read(ref _first);

    public void Clear() => Volatile.Write(ref _first, null);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Interlocked.CompareExchange(ref _first, exception, null);

    public void Dispose()
    {
    }
}
