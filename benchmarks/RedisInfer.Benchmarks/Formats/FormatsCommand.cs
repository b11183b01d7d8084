using System.CommandLine;

namespace RedisInfer.Benchmarks.Formats;

/// <summary>Measures what is found in the same manual, read from text, HTML, PDF and EPUB.</summary>
internal static class FormatsCommand
{
    public static Command Create()
    {
        var docs = new Option<DirectoryInfo>("--docs")
        {
            Description = "Folder with the same manual as NAME.txt, NAME.html (or a folder NAME of HTML files), NAME.pdf and NAME.epub.",
            Required = true,
        };
        var questions = new Option<int>("--questions") { Description = "Number of questions.", DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { Description = "Chooses the sentences.", DefaultValueFactory = _ => 1 };
        var verbose = new Option<bool>("--verbose") { Description = "Print every sentence that is not found." };
        var command = new Command("formats", "Measures what is found in the same manual in several formats.") { docs, questions, seed, verbose };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(docs), parsed.GetValue(questions), parsed.GetValue(seed), parsed.GetValue(verbose), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo docs, int questions, int seed, bool verbose, CancellationToken cancellationToken)
    {
        IReadOnlyList<Manual> manuals = docs.Exists ? Manual.Find(docs.FullName) : [];
        if (manuals.Count == 0 || questions < 1)
        {
            await Console.Error.WriteLineAsync(
                questions < 1
                    ? "--questions must be at least 1."
                    : $"There is no NAME.txt in '{docs.FullName}'. Give a folder that holds a manual as text.");
            return ExitStatus.WrongInput;
        }

        IReadOnlyList<ManualQuestion> asked = ManualQuestion.Choose(manuals, questions, seed);
        if (asked.Count == 0)
        {
            await Console.Error.WriteLineAsync($"The texts in '{docs.FullName}' have no sentences to ask for.");
            return ExitStatus.WrongInput;
        }

        var figures = new List<string>();
        foreach (string format in Manual.Formats.Where(format => manuals.Any(manual => manual.Files(format).Count > 0)))
        {
            Share found = await new FormatsRun(format, verbose).MeasureAsync(manuals, asked, cancellationToken);
            figures.Add($"recall_at_{FormatsRun.TopK}_{format}={found}");
        }

        figures.ForEach(Console.WriteLine);
        return 0;
    }
}
