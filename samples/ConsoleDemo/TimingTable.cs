using System.Globalization;
using RedisInfer;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows how long each stage of an answer took.</summary>
internal static class TimingTable
{
    public static void Show(IAnsiConsole console, RagAnswer answer)
    {
        (string Name, TimeSpan Time)[] steps =
        [
            ("queue", answer.Timings.Queue),
            ("embed", answer.Timings.Embed),
            ("retrieve", answer.Timings.Retrieve),
            ("load", answer.Timings.Load),
            .. answer.Timings.Rerank > TimeSpan.Zero ? [("rerank", answer.Timings.Rerank)] : Array.Empty<(string, TimeSpan)>(),
            ("restore", answer.Timings.Restore),
            ("prefill", answer.Timings.Prefill),
            ("first token", answer.Timings.FirstToken),
            ("decode", answer.Timings.Decode),
            ("total", answer.Timings.Total),
        ];
        var grid = new Grid();
        foreach (var _ in steps)
        {
            grid.AddColumn(new GridColumn { Alignment = Justify.Right, NoWrap = true, Padding = new Padding(2, 0, 0, 0) });
        }

        grid.AddRow([.. steps.Select(step => new Text(step.Name, new Style(Color.Grey)))]);
        grid.AddRow([.. steps.Select(step => new Text(Format(step.Time)))]);
        console.Write(grid);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"  [grey]{answer.Usage.PromptTokens:N0} tokens of prompt ({answer.Usage.CachedTokens:N0} not read again), {answer.Usage.GeneratedTokens:N0} generated[/]");
        console.WriteLine();
    }

    private static string Format(TimeSpan time) => time.TotalSeconds >= 1
        ? time.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture)
        : time.TotalMilliseconds.ToString("0.0 ms", CultureInfo.InvariantCulture);
}
