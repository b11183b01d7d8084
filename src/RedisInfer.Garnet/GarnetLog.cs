using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>
/// Passes Garnet's log to the host. Categories get the prefix "Garnet.". Garnet's information messages are logged as debug messages,
/// because the host asked for an index, not for a server.
/// </summary>
/// <param name="host">The host's logger factory; not disposed of.</param>
internal sealed class GarnetLog(ILoggerFactory host) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(host.CreateLogger("Garnet." + categoryName));

    public void AddProvider(ILoggerProvider provider) => host.AddProvider(provider);

    public void Dispose()
    {
        // The host owns its logger factory.
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(Here(logLevel));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // At shutdown, Garnet's background tasks report their own end as an error.
            if (exception is not OperationCanceledException)
                inner.Log(Here(logLevel), eventId, state, exception, formatter);
        }

        private static LogLevel Here(LogLevel level) => level == LogLevel.Information ? LogLevel.Debug : level;
    }
}
