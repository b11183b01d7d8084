using Spectre.Console;

namespace ConsoleDemo;

/// <summary>The two output streams: one for answers, one for progress and warnings.</summary>
internal static class Terminal
{
    // Without a terminal there is no width to wrap at, and the reader of the text needs whole lines.
    private const int RedirectedWidth = 1000;

    public static IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    public static bool OutputIsInteractive => Output.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    public static bool ErrorIsInteractive => Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected;

    /// <summary>Whether the demo can ask the user: neither input nor output is redirected.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
