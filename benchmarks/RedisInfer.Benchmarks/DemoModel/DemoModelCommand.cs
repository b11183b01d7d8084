using System.CommandLine;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.DemoModel;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>Measures the demo model in the product, with cases of its generator and with questions about whole handbooks.</summary>
internal static class DemoModelCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model")
        {
            Description = "The model to measure.",
            DefaultValueFactory = _ => new FileInfo(Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf")),
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the generated cases.", DefaultValueFactory = _ => 1 };
        var cases = new Option<int>("--cases") { Description = "Number of generated cases to run; 0: none, without python3.", DefaultValueFactory = _ => 400 };
        var topK = new Option<int>("--top-k")
        {
            Description = "Maximum number of passages per question about a handbook (default: as in the sample with this model).",
            DefaultValueFactory = _ => 3,
        };
        var wordsOnly = new Option<bool>("--words-only") { Description = "Search the handbooks by words alone, without the sample's embedding model." };
        var docs = new Option<DirectoryInfo?>("--docs") { Description = "Another handbook to ask questions about." };
        var questions = new Option<FileInfo?>("--questions")
        {
            Description = "Questions about --docs: JSON lines with question, answer (or null) and path.",
        };
        var verbose = new Option<bool>("--verbose") { Description = "Print every wrong answer." };
        var command = new Command("demo-model", "Measures the demo model in the product.") { model, seed, cases, topK, wordsOnly, docs, questions, verbose };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (DirectoryInfo? folder, FileInfo? file) = (parsed.GetValue(docs), parsed.GetValue(questions));
            if (folder is null != file is null)
            {
                await Console.Error.WriteLineAsync("Give --docs and --questions together.");
                return 2;
            }

            string path = parsed.GetValue(model)!.FullName;
            string? embeddingModel = parsed.GetValue(wordsOnly) ? null : MiniLm.Path;
            bool all = parsed.GetValue(verbose);
            var garbled = new GarbledWords();
            var figures = new List<string>();
            if (parsed.GetValue(cases) is > 0 and var count)
            {
                IReadOnlyList<GeneratedCase> generated = await Generator.MakeAsync(count, parsed.GetValue(seed), cancellationToken);
                figures.AddRange(await GeneratedCaseRun.RunAsync(path, generated, garbled, all, cancellationToken));
            }

            figures.AddRange(await AskAsync(Handbook.Known, garbled));
            figures.Add($"garbled_words={garbled.Count}");
            var freshGarbled = new GarbledWords();
            foreach (Handbook handbook in Handbook.Fresh)
            {
                figures.AddRange(await AskAsync(handbook, freshGarbled));
            }

            figures.Add($"garbled_words_fresh={freshGarbled.Count}");
            if (folder is not null && file is not null)
                figures.AddRange(await AskAsync(new Handbook("docs", "", folder.FullName, file.FullName), new GarbledWords()));
            figures.ForEach(Console.WriteLine);
            return 0;

            Task<IReadOnlyList<string>> AskAsync(Handbook handbook, GarbledWords words) =>
                HandbookRun.RunAsync(handbook, path, embeddingModel, parsed.GetValue(topK), words, all, cancellationToken);
        });
        return command;
    }
}
