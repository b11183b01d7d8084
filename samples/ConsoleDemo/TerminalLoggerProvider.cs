using Microsoft.Extensions.Logging;

namespace ConsoleDemo;

/// <summary>
/// Writes logs to the error stream through the console that draws the progress there, so that neither overwrites the other.
/// </summary>
internal sealed class TerminalLoggerProvider : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new TerminalLogger(categoryName);

    public void Dispose()
    {
    }
}
