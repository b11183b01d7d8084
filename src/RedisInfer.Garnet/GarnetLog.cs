using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>
/// Gives Garnet's log to the host: categories get the prefix "Garnet.", and what Garnet calls information is debug output here,
/// since a host asked for an index and not for a server.
/// </summary>
/// <param name="host">The host's loggers; not disposed of.</param>
internal sealed class GarnetLog(ILoggerFactory host) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(host.CreateLogger("Garnet." + categoryName));

    public void AddProvider(ILoggerProvider provider) => host.AddProvider(provider);

    public void Dispose()
    {
        // The host's loggers stay the host's.
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(Here(logLevel));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Garnet's background tasks report their own end at shutdown as an error.
            if (exception is not OperationCanceledException)
                inner.Log(Here(logLevel), eventId, state, exception, formatter);
        }

        private static LogLevel Here(LogLevel level) => level == LogLevel.Information ? LogLevel.Debug : level;
    }
}
