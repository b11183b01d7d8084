using RedisInfer.Documents;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Formats;

/// <summary>Indexes the manuals in one format and asks for their sentences, by words alone.</summary>
internal sealed class FormatsRun(string format, bool verbose)
{
    public const int TopK = 5;

    /// <summary>Returns the share of sentences that are in one of the first passages.</summary>
    public async Task<Share> MeasureAsync(
        IReadOnlyList<Manual> manuals, IReadOnlyList<ManualQuestion> questions, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        foreach (string file in manuals.SelectMany(manual => manual.Files(format)))
        {
            string copy = Path.Combine(folder.Path, Path.GetRelativePath(Path.GetDirectoryName(manuals[0].TextFile)!, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var options = new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            Corpus = format,
        };
        await using var runtime = new RagRuntime(options, new RagComponents { Connection = server, DocumentReaders = DocumentReaders.All });
        await foreach (IndexedDocument document in runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: cancellationToken))
        {
            if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed)
                Console.WriteLine($"{format}: skipped {document.Path}: {document.SkipReason}");
        }

        IndexCount count = await runtime.Index.CountAsync(cancellationToken);
        var found = new Share();
        foreach (ManualQuestion question in questions.Where(question => question.Manual.Files(format).Count > 0))
        {
            IReadOnlyList<RagPassage> passages = await runtime.Index.SearchAsync(
                new RagRequest(question.Question) { TopK = TopK, Retrieval = RetrievalMode.Lexical }, cancellationToken);
            if (!found.Add(passages.Any(passage => Holds(passage, question.Sentence))) && verbose)
                Print(question, passages);
        }

        Console.WriteLine($"{format}: {count.Documents} documents, {count.Chunks} chunks, {found} of the sentences found");
        return found;
    }

    // As letters without spaces first: a format may have a space where another has none.
    private static bool Holds(RagPassage passage, string sentence) =>
        PlainWords.Squash(passage.Text).Contains(PlainWords.Squash(sentence), StringComparison.Ordinal)
        || PlainWords.Of(sentence).All(PlainWords.Of(passage.Text).ToHashSet(StringComparer.Ordinal).Contains);

    private void Print(ManualQuestion question, IReadOnlyList<RagPassage> passages)
    {
        Console.WriteLine($"{format}: not found: {question.Sentence}");
        foreach (RagPassage passage in passages)
        {
            string start = passage.Text.ReplaceLineEndings(" ");
            Console.WriteLine($"    {passage.Path}:{passage.StartLine}: {start[..Math.Min(120, start.Length)]}");
        }
    }
}
