using RedisInfer.Garnet;

namespace RedisInfer.Benchmarks.Conversation;

/// <summary>Compares the TTFT of the second turn of a conversation with that of the first, which finds nothing of its prompt cached.</summary>
internal sealed class SecondTurnRun(string model, int threads)
{
    // So far apart that their first turns share no passages.
    private static readonly int[] Measured = [0, 18, 24];

    public async Task<double> MeasureAsync(IReadOnlyList<Dialogue> dialogues, CancellationToken cancellationToken)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var options = new RedisInferOptions
        {
            ModelPath = model,
            MaxOutputTokens = 48,
            Capacity = { MaxConcurrentRequests = 1, ContextSize = 4096 },
            Engine = { Threads = threads },
            KvCache = { Reuse = KvReuse.InProcess },
        };
        await using var runtime = new RagRuntime(options, new RagComponents { Connection = server });
        await Dialogue.IndexAsync(runtime.Index, cancellationToken);
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        var ratios = new List<double>();
        foreach (Dialogue dialogue in Measured.Select(i => dialogues[i]))
        {
            RagAnswer first = await AskAsync(dialogue.Turns[0].Question, []);
            RagAnswer second = await AskAsync(dialogue.Turns[1].Question, [RagTurn.From(first)]);
            ratios.Add(second.Timings.FirstToken / first.Timings.FirstToken);
        }

        return Figures.Median(ratios);

        async Task<RagAnswer> AskAsync(string question, IReadOnlyList<RagTurn> history)
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(question) { History = history }, cancellationToken);
            Console.WriteLine(
                $"turn {history.Count + 1}: first token after {answer.Timings.FirstToken.TotalMilliseconds:0} ms; {answer.Usage.PromptTokens} "
                + $"tokens of prompt, {answer.Usage.CachedTokens} of them reused");
            return answer;
        }
    }
}
