using System.Globalization;
using RedisInfer.Evaluation;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows what independently computed passages cost, one line per setting.</summary>
internal static class EvaluationTable
{
    private static readonly string[] Headings =
        ["passages computed", "first tokens again", "prompt reused", "same answer", "same citations", "same first token", "KL mean", "KL most"];

    public static void Show(IAnsiConsole console, PassageEvaluation evaluation)
    {
        console.WriteLine();
        console.Write(FigureGrid.Create(Headings, evaluation.Settings.Select(Cells)));
        console.WriteLine();
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[grey]{evaluation.Questions} questions answered greedily, against prompts computed as they stand; {evaluation.WithoutPassages} more found no passage.[/]");
        console.MarkupLine("[grey]KL: divergence of the first token's distribution, in nats.[/]");
    }

    private static string[] Cells(PassageFigures figures) =>
    [
        figures.Setting.AfterHead ? "after the head" : "alone",
        figures.Setting.RecomputedTokens.ToString(CultureInfo.InvariantCulture),
        Percent(figures.ReusedShare),
        Percent(figures.SameAnswers),
        Percent(figures.SameCitations),
        Percent(figures.SameFirstTokens),
        figures.MeanDivergence.ToString("0.0000", CultureInfo.InvariantCulture),
        figures.LargestDivergence.ToString("0.0000", CultureInfo.InvariantCulture),
    ];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");
}
