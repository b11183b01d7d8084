using System.CommandLine;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Quality;

/// <summary>What retrieval finds: the shares of questions whose answer is among the passages found.</summary>
internal static class QualityCommand
{
    public static Command Create()
    {
        var docs = new Option<DirectoryInfo?>("--docs") { Description = "A folder to ask (default: the sample's handbook)." };
        var questions = new Option<FileInfo?>("--questions")
        {
            Description = "Questions over --docs: JSON lines of question, paths (empty: nowhere) and lines ([first, last] or null).",
        };
        var embeddingModel = new Option<FileInfo?>("--embedding-model") { Description = "A GGUF embedding model (default: none, words alone)." };
        var redis = new Option<string?>("--redis") { Description = "HOST:PORT of a Redis (default: an embedded server)." };
        var verbose = new Option<bool>("--verbose") { Description = "Print every question that misses." };
        var command = new Command("quality", "Measures what retrieval finds.") { docs, questions, embeddingModel, redis, verbose };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new QualityRun(parsed.GetValue(embeddingModel)?.FullName, parsed.GetValue(redis), parsed.GetValue(verbose)),
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
            await Console.Error.WriteLineAsync("--docs and --questions go together.");
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
