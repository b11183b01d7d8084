using System.CommandLine;
using RedisInfer.Tests.Support;

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
        var docs = new Option<DirectoryInfo?>("--docs") { Description = "Another handbook to ask questions about." };
        var questions = new Option<FileInfo?>("--questions")
        {
            Description = "Questions about --docs: JSON lines with question, answer (or null) and path.",
        };
        var verbose = new Option<bool>("--verbose") { Description = "Print every wrong answer." };
        var command = new Command("demo-model", "Measures the demo model in the product.") { model, seed, cases, topK, docs, questions, verbose };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(model)!,
            parsed.GetValue(seed),
            parsed.GetValue(cases),
            parsed.GetValue(topK),
            parsed.GetValue(docs),
            parsed.GetValue(questions),
            parsed.GetValue(verbose),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo model,
        int seed,
        int caseCount,
        int topK,
        DirectoryInfo? docs,
        FileInfo? questions,
        bool verbose,
        CancellationToken cancellationToken)
    {
        if (docs is null != questions is null)
        {
            await Console.Error.WriteLineAsync("Give --docs and --questions together.");
            return 2;
        }

        var garbled = new GarbledWords();
        var figures = new List<string>();
        if (caseCount > 0)
        {
            IReadOnlyList<GeneratedCase> generated = await GeneratedCase.MakeAsync(caseCount, seed, cancellationToken);
            figures.AddRange(await GeneratedCaseRun.RunAsync(model.FullName, generated, garbled, verbose, cancellationToken));
        }

        figures.AddRange(await HandbookRun.RunAsync(
            "corpus",
            model.FullName,
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"),
            Path.Combine(Repository.Root, "benchmarks", "RedisInfer.Benchmarks", "DemoModel", "demo-handbook-questions.jsonl"),
            topK,
            garbled,
            verbose,
            cancellationToken));
        if (docs is not null && questions is not null)
        {
            figures.AddRange(await HandbookRun.RunAsync(
                "docs", model.FullName, docs.FullName, questions.FullName, topK, garbled, verbose, cancellationToken));
        }

        figures.ForEach(Console.WriteLine);
        Console.WriteLine($"garbled_words={garbled.Count}");
        return 0;
    }
}
