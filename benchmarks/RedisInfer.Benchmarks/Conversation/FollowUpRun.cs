using RedisInfer.Benchmarks.Quality;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Conversation;

/// <summary>Searches for the follow-ups of the dialogues, with their history and without, and for complete questions after other turns.</summary>
internal sealed class FollowUpRun(string? embeddingModel, bool verbose)
{
    private const int TopK = 5;

    public async Task<IReadOnlyList<string>> MeasureAsync(IReadOnlyList<Dialogue> dialogues, CancellationToken cancellationToken)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var options = new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            EmbeddingModelPath = embeddingModel,
        };
        await using var runtime = new RagRuntime(options, new RagComponents { Connection = server });
        await Dialogue.IndexAsync(runtime.Index, cancellationToken);
        string prefix = embeddingModel is null ? "words_" : "";

        // The weights were chosen on every other dialogue.
        List<string> figures = [];
        List<Dialogue> chosenOn = [.. dialogues.Where((_, i) => i % 2 == 0)];
        List<Dialogue> heldOut = [.. dialogues.Where((_, i) => i % 2 != 0)];
        foreach ((string name, IReadOnlyList<Dialogue> some) in new (string, IReadOnlyList<Dialogue>)[]
            { ("", dialogues), ("chosen_on_", chosenOn), ("held_out_", heldOut) })
        {
            figures.Add($"{prefix}{name}follow_up_recall_at_{TopK}={await AskAsync(runtime.Index, some, null, cancellationToken)}");
            figures.Add($"{prefix}{name}without_history={await AskAsync(runtime.Index, some, FollowUpSearch.QuestionOnly, cancellationToken)}");
        }

        (Share after, Share alone, Share declined) = await AskCompleteAsync(runtime.Index, dialogues, cancellationToken);
        figures.Add($"{prefix}complete_recall_at_{TopK}={after}");
        figures.Add($"{prefix}complete_without_history={alone}");
        figures.Add($"{prefix}unanswerable_declined={declined}");
        return figures;
    }

    private async Task<Share> AskAsync(
        IRagIndex index, IReadOnlyList<Dialogue> dialogues, FollowUpSearch? search, CancellationToken cancellationToken)
    {
        var found = new Share();
        foreach (Dialogue dialogue in dialogues)
        {
            for (int i = 1; i < dialogue.Turns.Count; i++)
            {
                DialogueTurn turn = dialogue.Turns[i];
                var request = new RagRequest(turn.Question)
                {
                    TopK = TopK,
                    FollowUp = search,
                    History = [.. dialogue.Turns.Take(i).Select(earlier => earlier.ToTurn())],
                };
                IReadOnlyList<RagPassage> passages = await index.SearchAsync(request, cancellationToken);
                if (!found.Add(passages.Any(turn.IsIn)) && verbose && search is null)
                    Console.WriteLine($"not found: {turn.Question} -> {turn.Path}; {string.Join(", ", passages.Select(passage => passage.Path))}");
            }
        }

        return found;
    }

    /// <summary>A complete question after a turn about something else must find what it finds alone.</summary>
    private static async Task<(Share After, Share Alone, Share Declined)> AskCompleteAsync(
        IRagIndex index, IReadOnlyList<Dialogue> dialogues, CancellationToken cancellationToken)
    {
        (Share after, Share alone, Share declined) = (new Share(), new Share(), new Share());
        int next = 0;
        foreach (string file in Dialogue.CompleteQuestions)
        {
            foreach (CorpusQuestion question in await CorpusQuestion.ReadAsync(file, cancellationToken))
            {
                var request = new RagRequest(question.Question) { TopK = TopK };
                RagTurn before = dialogues[next++ % dialogues.Count].Turns[0].ToTurn();
                IReadOnlyList<RagPassage> passages = await index.SearchAsync(request with { History = [before] }, cancellationToken);
                if (question.Paths.Count == 0)
                {
                    declined.Add(passages.Count == 0);
                    continue;
                }

                after.Add(passages.Any(question.IsIn));
                alone.Add((await index.SearchAsync(request, cancellationToken)).Any(question.IsIn));
            }
        }

        return (after, alone, declined);
    }
}
