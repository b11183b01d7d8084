using System.CommandLine;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Quality;

/// <summary>Measures what retrieval finds: the share of questions whose answer is among the passages found.</summary>
internal static class QualityCommand
{
    public static Command Create()
    {
        var docs = new Option<DirectoryInfo?>("--docs") { Description = "Folder to ask questions about (default: the sample's handbook)." };
        var questions = new Option<FileInfo?>("--questions")
        {
            Description = "Questions about --docs: JSON lines with question, paths (empty: no answer) and lines ([first, last] or null).",
        };
        var embeddingModel = new Option<FileInfo?>("--embedding-model") { Description = "GGUF embedding model (default: the one that the build makes)." };
        var wordsOnly = new Option<bool>("--words-only") { Description = "Search by words only." };
        var redis = new Option<string?>("--redis") { Description = "HOST:PORT of a Redis (default: an embedded server)." };
        var verbose = new Option<bool>("--verbose") { Description = "Print every question whose answer is not found." };
        var command = new Command("quality", "Measures what retrieval finds.") { docs, questions, embeddingModel, wordsOnly, redis, verbose };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new QualityRun(
                parsed.GetValue(wordsOnly) ? null : parsed.GetValue(embeddingModel)?.FullName ?? MiniLm.Path,
                parsed.GetValue(redis), parsed.GetValue(verbose)),
            parsed.GetValue(docs),
            parsed.GetValue(questions),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        QualityRun run, DirectoryInfo? docs, FileInfo? questions, CancellationToken cancellationToken)
    {
        if (docs is null != questions is null)
        {
            await Console.Error.WriteLineAsync("Give --docs and --questions together.");
            return 2;
        }

        IReadOnlyList<string> figures = await run.MeasureAsync(
            docs?.FullName ?? Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"),
            questions?.FullName
                ?? Path.Combine(Repository.Root, "benchmarks", "RedisInfer.Benchmarks", "Quality", "handbook-questions.jsonl"),
            cancellationToken);
        foreach (string figure in figures)
        {
            Console.WriteLine(figure);
        }

        return 0;
    }
}
