using RedisInfer.Evaluation;

namespace ConsoleDemo;

/// <summary>Measures how answers over the folder's documents change if passages are computed independently of each other.</summary>
internal static class EvaluateCommand
{
    public static async Task<int> RunAsync(DemoOptions options, string questionFile)
    {
        if (!File.Exists(questionFile))
        {
            return ErrorLine.Write($"There is no file '{questionFile}': give one with a question a line as --questions.");
        }

        IReadOnlyList<string> questions;
        try
        {
            questions = QuestionFile.Read(questionFile);
        }
        catch (InvalidDataException failure)
        {
            return ErrorLine.Write(failure.Message);
        }

        return await DemoRun.RunAsync(options, async (runtime, cancellationToken) =>
        {
            PassageEvaluation evaluation = await Steps.RunAsync(steps => runtime.IndependentPassages.EvaluateAsync(
                questions,
                progress: new Reporter<int>(done => steps.Report("Comparing answers", (double)done / questions.Count)),
                cancellationToken: cancellationToken));
            EvaluationTable.Show(Terminal.Output, evaluation);
            return 0;
        });
    }
}
