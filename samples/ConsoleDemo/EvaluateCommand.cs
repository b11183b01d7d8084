using RedisInfer.Evaluation;
using Samples.Common;

namespace ConsoleDemo;

/// <summary>
/// Measures what retrieval finds in the folder's documents, and how answers over them change if passages are computed independently of
/// each other.
/// </summary>
internal static class EvaluateCommand
{
    public static Task<int> RunAsync(DemoOptions options, string questionFile) =>
        DemoRun.WithQuestionsAsync(questionFile, questions => DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            // Without paths, nothing is known about where the answers are.
            RetrievalQuestion[] known = [.. questions.Where(asked => asked.Paths is not null).Select(asked => new RetrievalQuestion(asked.Question, asked.Paths!))];
            if (known.Length > 0)
            {
                RetrievalEvaluation found = await Steps.RunAsync(steps => runtime.RetrievalQuality.EvaluateAsync(
                    known, Progress(steps, "Searching", known.Length), cancellationToken));
                RetrievalTable.Show(Terminal.Output, found);
            }

            string[] asked = [.. questions.Select(question => question.Question)];
            PassageEvaluation evaluation = await Steps.RunAsync(steps => runtime.IndependentPassages.EvaluateAsync(
                asked, progress: Progress(steps, "Comparing answers", asked.Length), cancellationToken: cancellationToken));
            EvaluationTable.Show(Terminal.Output, evaluation);
            return 0;
        }));

    private static Reporter<int> Progress(ISteps steps, string title, int count) => new(done => steps.Report(title, (double)done / count));
}
