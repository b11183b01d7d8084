using System.Globalization;
using RedisInfer;
using RedisInfer.Evaluation;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Shows what retrieval finds, one line for each way of searching.</summary>
internal static class RetrievalTable
{
    private static readonly string[] Headings = ["found by", "recall at 1", "at 5", "at 10", "declined rightly", "declined wrongly"];

    public static void Show(IAnsiConsole console, RetrievalEvaluation evaluation)
    {
        console.WriteLine();
        console.Write(FigureGrid.Create(Headings, evaluation.Modes.Select(figures => Cells(evaluation, figures))));
        console.WriteLine();
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[grey]{evaluation.Answerable} questions with an answer, {evaluation.Unanswerable} without. Recall at N: a passage of a right document is among the first N.[/]");
    }

    private static string[] Cells(RetrievalEvaluation evaluation, RetrievalFigures figures) =>
    [
        figures.Mode switch
        {
            RetrievalMode.Lexical => "words",
            RetrievalMode.Vector => "embedding",
            RetrievalMode.Hybrid => "both",
            _ => throw new ArgumentOutOfRangeException(nameof(figures), figures.Mode, message: null),
        },
        Share(figures.RecallAt1),
        Share(figures.RecallAt5),
        Share(figures.RecallAt10),
        Count(figures.DeclinedRightly, evaluation.Unanswerable),
        Count(figures.DeclinedWrongly, evaluation.Answerable),
    ];

    private static string Share(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Count(int count, int all) => string.Create(CultureInfo.InvariantCulture, $"{count} of {all}");
}
