using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Answering;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.DemoModel;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>Runs generated cases. Their passages are given, so nothing is retrieved. Prompt and decoding are the product's.</summary>
internal static class GeneratedCaseRun
{
    private const int MaxAnswerTokens = 128;

    public static async Task<IReadOnlyList<string>> RunAsync(
        string modelPath, IReadOnlyList<GeneratedCase> cases, GarbledWords garbled, bool verbose, CancellationToken cancellationToken)
    {
        var options = new RedisInferOptions { ModelPath = modelPath, KvCache = { Reuse = KvReuse.Off } };
        var engine = new LlamaEngine(new LlamaOptions(), NullLoggerFactory.Instance);
        using IInferenceModel model = await engine.LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        MemoryBudget budget = MemoryBudget.Fit(
            long.MaxValue, [], options.Capacity.ContextSize, options.Capacity.MaxConcurrentRequests, (_, _) => new MemoryEstimate(0, 0, 0), options.Memory.OverBudget);
        using var metrics = new SchedulerMetrics(null, model.Info, TimeProvider.System);
        await using AnswerPipeline answers = await AnswerPipeline.StartAsync(
            model, options, budget, _ => throw new NotSupportedException(), answerStore: null, metrics, NullLogger.Instance, TimeProvider.System);

        var exact = new Share();
        var citation = new Share();
        var refusal = new Share();
        var followUp = new Share();
        var followUpRefusal = new Share();
        foreach (GeneratedCase one in cases)
        {
            string text = await AnswerAsync(model, answers, one, cancellationToken);
            IReadOnlyList<string> strange = garbled.Add(text, one.Passages.Select(passage => passage.Path + " " + passage.Trail + " " + passage.Text));
            bool isFollowUp = one.Turns.Count > 0;
            bool good;
            if (one.Answer is null)
            {
                good = (isFollowUp ? followUpRefusal : refusal).Add(text == options.NoContextText);
            }
            else if (isFollowUp)
            {
                good = followUp.Add(one.Citations.Any(number => text == $"{one.Answer} [{number}]"));
            }
            else
            {
                good = exact.Add(one.Citations.Any(number => text == $"{one.Answer} [{number}]"));
                IReadOnlyList<int> cited = CitationParser.Parse(text, [.. one.Passages.Select(passage => passage.Text)]);
                citation.Add(cited.Count > 0 && cited.All(one.Citations.Contains));
            }

            if (verbose && (!good || strange.Count > 0))
            {
                Console.WriteLine($"generated: {one.Question}\n  expected {one.Answer ?? "(refusal)"} {string.Join(',', one.Citations)}\n  got      {text}");
            }
        }

        return
        [
            $"generated_exact={exact}",
            $"generated_citation={citation}",
            $"generated_refusal={refusal}",
            $"generated_follow_up_exact={followUp}",
            $"generated_follow_up_refusal={followUpRefusal}",
        ];
    }

    private static async Task<string> AnswerAsync(
        IInferenceModel model, AnswerPipeline answers, GeneratedCase one, CancellationToken cancellationToken)
    {
        int[] prompt = one.BuildPrompt(model, MaxAnswerTokens);
        using QueuePlace place = await answers.Loop.EnterAsync("", 1, cancellationToken);
        CompletionStream stream = answers.Loop.Submit(
            new CompletionRequest(prompt, MaxAnswerTokens, new SamplingOptions(), []), place, cancellationToken);
        string text = "";
        await foreach (string piece in stream.ReadAsync(cancellationToken))
        {
            text += piece;
        }

        return text;
    }
}
