using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Prints a line when a step begins, and more lines at intervals while it runs.</summary>
internal sealed class PlainSteps(IAnsiConsole console) : ISteps
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private string? _step;
    private long _written;

    public void Report(string step, double share)
    {
        lock (_gate)
        {
            bool isNew = step != _step;
            if (!isNew && (share >= 1 || Stopwatch.GetElapsedTime(_written) < Interval))
            {
                return;
            }

            _step = step;
            _written = Stopwatch.GetTimestamp();
            string percent = isNew ? "" : share.ToString(" (0 %)", CultureInfo.InvariantCulture);
            console.WriteLine(Printable.OneLine(step) + percent);
        }
    }
}
