using System.Text.RegularExpressions;
using RedisInfer.Garnet;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>Asks questions about a folder, from indexing to citation, as a host does, on an embedded server.</summary>
internal static partial class HandbookRun
{
    public static async Task<IReadOnlyList<string>> RunAsync(
        Handbook handbook,
        string modelPath,
        string? embeddingModel,
        int topK,
        GarbledWords garbled,
        bool verbose,
        CancellationToken cancellationToken)
    {
        (string name, string suffix) = (handbook.Name, handbook.Suffix);
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = modelPath, EmbeddingModelPath = embeddingModel, Retrieval = { TopK = topK } },
            new RagComponents { Connection = server });
        await foreach (IndexedDocument document in runtime.Index.AddDirectoryAsync(handbook.Docs, cancellationToken: cancellationToken))
        {
            if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed)
            {
                Console.WriteLine($"{name}{suffix}: skipped {document.Path}: {document.SkipReason}");
            }
        }

        var present = new Share();
        var citation = new Share();
        var refusal = new Share();
        var falseRefusal = new Share();
        var retrieved = new Share();
        foreach (HandbookQuestion question in await HandbookQuestion.ReadAsync(handbook.Questions, cancellationToken))
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(
                new RagRequest(question.Question) { MaxOutputTokens = 128 }, cancellationToken);
            garbled.Add(answer.Text, answer.Passages.Select(passage => passage.Path + " " + passage.Trail + " " + passage.Text));
            bool refused = answer.Text.Contains(RedisInferOptions.DefaultNoContextText, StringComparison.Ordinal);
            bool good;
            if (question.Answer is null)
            {
                good = refusal.Add(refused);
            }
            else
            {
                falseRefusal.Add(refused);
                retrieved.Add(answer.Passages.Any(passage => Normal(passage.Text).Contains(Normal(question.Answer))));
                good = present.Add(Normal(answer.Text).Contains(Normal(question.Answer)));
                good &= citation.Add(answer.Citations.Any(cited => cited.Path == question.Path));
            }

            if (verbose && !good)
            {
                Console.WriteLine($"{name}{suffix}: {question.Question}\n  expected {question.Answer ?? "(refusal)"} ({question.Path})\n  got      {answer.Text}"
                    + $" ({string.Join(", ", answer.Citations.Select(cited => cited.Path))})");
            }
        }

        return
        [
            $"{name}_passage_retrieved{suffix}={retrieved}",
            $"{name}_answer_present{suffix}={present}",
            $"{name}_citation{suffix}={citation}",
            $"{name}_refusal{suffix}={refusal}",
            $"{name}_false_refusal{suffix}={falseRefusal}",
        ];
    }

    private static string Normal(string text) => WhiteSpace().Replace(text, " ").ToUpperInvariant();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
