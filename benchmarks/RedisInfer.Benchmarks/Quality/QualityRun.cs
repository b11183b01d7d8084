using RedisInfer.Garnet;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Quality;

/// <summary>Indexes a folder with the default settings and asks questions about it in every retrieval mode.</summary>
internal sealed class QualityRun(string? embeddingModel, string? redis, bool verbose)
{
    private const int TopK = 5;

    public async Task<IReadOnlyList<string>> MeasureAsync(string docs, string questionFile, CancellationToken cancellationToken)
    {
        await using IRedisConnectionSource server =
            redis is null ? new EmbeddedGarnetServer(new GarnetOptions { InMemory = true }) : new RedisConnectionSource(redis);
        IReadOnlyList<CorpusQuestion> questions = await CorpusQuestion.ReadAsync(questionFile, cancellationToken);
        var figures = new List<string>();

        // Without an embedding model, every mode searches by words only.
        IReadOnlyList<RetrievalMode> modes = embeddingModel is null
            ? [RetrievalMode.Hybrid]
            : [RetrievalMode.Lexical, RetrievalMode.Vector, RetrievalMode.Hybrid];
        await MeasureAsync(server, docs, questions, modes, figures, cancellationToken);
        return figures;
    }

    private async Task MeasureAsync(
        IRedisConnectionSource server,
        string docs,
        IReadOnlyList<CorpusQuestion> questions,
        IReadOnlyList<RetrievalMode> modes,
        List<string> figures,
        CancellationToken cancellationToken)
    {
        var options = new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            EmbeddingModelPath = embeddingModel,
            Corpus = "quality-" + Guid.NewGuid().ToString("N"),
        };
        await using var runtime = new RagRuntime(options, new RagComponents { Connection = server });
        try
        {
            await foreach (IndexedDocument document in runtime.Index.AddDirectoryAsync(docs, cancellationToken: cancellationToken))
            {
                if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed && verbose)
                {
                    Console.WriteLine($"skipped {document.Path}: {document.SkipReason}");
                }
            }

            IndexCount count = await runtime.Index.CountAsync(cancellationToken);
            Console.WriteLine($"{count.Documents} documents, {count.Chunks} chunks");
            foreach (RetrievalMode mode in modes)
            {
                await AskAllAsync(runtime.Index, questions, mode, figures, cancellationToken);
            }
        }
        finally
        {
            await runtime.Index.ClearAsync(CancellationToken.None);
        }
    }

    private async Task AskAllAsync(
        IRagIndex index,
        IReadOnlyList<CorpusQuestion> questions,
        RetrievalMode mode,
        List<string> figures,
        CancellationToken cancellationToken)
    {
        var files = new Share();
        var lines = new Share();
        var declinedRightly = new Share();
        var declinedWrongly = new Share();
        var kinds = new SortedDictionary<string, Share>(StringComparer.Ordinal);
        foreach (CorpusQuestion question in questions)
        {
            IReadOnlyList<RagPassage> passages = await index.SearchAsync(
                new RagRequest(question.Question) { TopK = TopK, Retrieval = mode }, cancellationToken);
            bool isFound = passages.Any(question.IsIn);
            bool good = question.Paths.Count == 0 ? declinedRightly.Add(passages.Count == 0) : files.Add(isFound);
            if (question.Paths.Count > 0)
            {
                declinedWrongly.Add(passages.Count == 0);
            }

            if (question.Kind is { } kind)
            {
                kinds.TryAdd(kind, new Share());
                kinds[kind].Add(isFound);
            }

            if (question.Lines is not null)
            {
                good &= lines.Add(passages.Any(question.IsOnLines));
            }

            if (verbose && !good)
            {
                Print(mode, question, passages);
            }
        }

        string name = mode.ToString().ToLowerInvariant();
        figures.Add($"{name}_recall_at_{TopK}={files}");
        figures.Add($"{name}_lines_recall_at_{TopK}={lines}");
        foreach ((string kind, Share found) in kinds)
        {
            figures.Add($"{name}_{kind}_recall_at_{TopK}={found}");
        }

        string prefix = mode == RetrievalMode.Hybrid ? "" : name + "_";
        figures.Add($"{prefix}unanswerable_declined={declinedRightly}");
        figures.Add($"{prefix}answerable_declined={declinedWrongly}");
    }

    private static void Print(RetrievalMode mode, CorpusQuestion question, IReadOnlyList<RagPassage> passages)
    {
        Console.WriteLine($"{mode}: {question.Question} -> {string.Join(", ", question.Paths)}");
        foreach (RagPassage passage in passages)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"    {passage.Score:0.000} {passage.Path}:{passage.StartLine}-{passage.EndLine} {passage.Text.ReplaceLineEndings(" ")[..Math.Min(80, passage.Text.Length)]}"));
        }
    }
}
