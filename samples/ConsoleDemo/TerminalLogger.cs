using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Writes one line per message, followed by the exception's message.</summary>
internal sealed class TerminalLogger(string category) : ILogger
{
    private static readonly Lock Gate = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        (string color, string name) = logLevel switch
        {
            >= LogLevel.Error => ("red", "error"),
            LogLevel.Warning => ("yellow", "warning"),
            _ => ("grey", "info"),
        };
        string message = formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})");
        lock (Gate)
        {
            Terminal.Error.Write(new LogLine(Markup.FromInterpolated($"[{color}]{name}:[/] {Printable.OneLine(message)} [grey]({category})[/]")));
        }
    }
}
