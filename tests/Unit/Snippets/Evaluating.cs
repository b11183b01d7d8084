using RedisInfer;
using RedisInfer.Evaluation;

namespace Snippets;

internal static class Evaluating
{
    public static async Task RetrievalAsync(RagRuntime runtime)
    {
        RetrievalEvaluation found = await runtime.RetrievalQuality.EvaluateAsync(
        [
            new RetrievalQuestion("How long are backups kept?", ["engineering/backups.md"]),
            new RetrievalQuestion("Who repairs the coffee machine?", []),
        ]);
        foreach (RetrievalFigures mode in found.Modes)
        {
            Console.WriteLine(
                $"{mode.Mode}: recall {mode.RecallAt5:0.00}, declined {mode.DeclinedRightly} of {found.Unanswerable}, wrongly {mode.DeclinedWrongly} of {found.Answerable}");
        }
    }

    public static async Task ReuseAsync(RagRuntime runtime)
    {
        PassageEvaluation reuse = await runtime.IndependentPassages.EvaluateAsync(["How long are backups kept?", "Who may order dry ice?"]);
        foreach (PassageFigures figures in reuse.Settings)
            Console.WriteLine($"{figures.Setting}: {figures.ReusedShare:P0} reused, {figures.SameAnswers:P0} of the answers are the same");
    }
}
