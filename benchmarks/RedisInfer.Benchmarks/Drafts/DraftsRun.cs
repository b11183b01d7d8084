using System.Diagnostics;
using RedisInfer.Benchmarks.Load;
using RedisInfer.Inference;
using RedisInfer.Llama;

namespace RedisInfer.Benchmarks.Drafts;

/// <summary>Asks the same questions of two runtimes in turns: one proposes tokens, the other does not.</summary>
/// <param name="modelPath">The model.</param>
/// <param name="threads">Compute threads.</param>
/// <param name="questionCount">Number of questions.</param>
/// <param name="rounds">How often they are asked with each number of callers.</param>
internal sealed class DraftsRun(string modelPath, int threads, int questionCount, int rounds)
{
    private const int MaxCallers = 8;
    private const int RandomTexts = 6;
    private const int RandomTokens = 96;

    // At this temperature no word follows from the one before.
    private static readonly SamplingOptions Random = new() { Temperature = 5, TopK = 0, TopP = 1, MinP = 0, Seed = 7 };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        IReadOnlyList<string> questions = await HandbookQuestions.ReadAsync(questionCount, cancellationToken);
        await using HandbookHost with = await StartAsync(draftTokens: null, cancellationToken);
        await using HandbookHost without = await StartAsync(draftTokens: 0, cancellationToken);

        var figures = new Figures();
        IReadOnlyList<TimedAnswer> proposed = await AskAsync(with, questions, 1, cancellationToken); // prompts are computed
        IReadOnlyList<TimedAnswer> plain = await AskAsync(without, questions, 1, cancellationToken);
        int equal = await CountEqualAsync(plain, proposed, cancellationToken);
        foreach (int callers in new[] { 1, 4, MaxCallers })
        {
            List<double> ratios = [];
            List<TimedAnswer> drafted = [];
            for (int round = 0; round < rounds; round++)
            {
                IReadOnlyList<TimedAnswer> answers = await AskAsync(with, questions, callers, cancellationToken);
                double rate = Rate(answers);
                double rateWithout = Rate(await AskAsync(without, questions, callers, cancellationToken));
                drafted.AddRange(answers);
                ratios.Add(rate / rateWithout);
                Console.WriteLine(
                    $"{callers} callers: {rate:0.0} tokens/s for each with proposals, {rateWithout:0.0} without; "
                    + $"{Accepted(answers):0.00} of the proposed tokens were chosen, {Share(answers):0.00} of the tokens had been proposed");
            }

            figures.Add($"decode_with_over_without_{callers}", Figures.Median(ratios));
            if (callers == 1)
            {
                figures.Add("accepted_share", Accepted(drafted));
            }
        }

        figures.Add("no_repeats_with_over_without_1", await CompareRandomTextsAsync(with, without, questions, cancellationToken));
        figures.Add("answers_equal", (double)equal / questions.Count);
        figures.Print();
    }

    private static double Rate(IReadOnlyList<TimedAnswer> answers) =>
        answers.Sum(one => one.Answer.Usage.GeneratedTokens - 1) / answers.Sum(one => one.Answer.Timings.Decode.TotalSeconds);

    private static double Accepted(IReadOnlyList<TimedAnswer> answers) =>
        (double)answers.Sum(one => one.Answer.Usage.AcceptedTokens) / Math.Max(1, answers.Sum(one => one.Answer.Usage.ProposedTokens));

    private static double Share(IReadOnlyList<TimedAnswer> answers) =>
        (double)answers.Sum(one => one.Answer.Usage.AcceptedTokens) / answers.Sum(one => one.Answer.Usage.GeneratedTokens);

    /// <summary>Asks all questions, so many at once, in waves.</summary>
    private static async Task<IReadOnlyList<TimedAnswer>> AskAsync(
        HandbookHost host, IReadOnlyList<string> questions, int callers, CancellationToken cancellationToken)
    {
        List<TimedAnswer> answers = [];
        foreach (string[] wave in questions.Chunk(callers))
        {
            answers.AddRange(await Task.WhenAll(wave.Select((question, caller) =>
                host.AskAsync(question, caller, Stopwatch.GetTimestamp(), cancellationToken))));
        }

        return answers;
    }

    private async Task<double> CompareRandomTextsAsync(
        HandbookHost with, HandbookHost without, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        List<double> ratios = [];
        for (int round = 0; round < rounds; round++)
        {
            List<TimedAnswer> proposed = [];
            List<TimedAnswer> plain = [];
            foreach (string question in questions.Take(RandomTexts))
            {
                proposed.Add(await with.AskAsync(question, 0, Stopwatch.GetTimestamp(), cancellationToken, maxOutputTokens: RandomTokens, sampling: Random));
                plain.Add(await without.AskAsync(question, 0, Stopwatch.GetTimestamp(), cancellationToken, maxOutputTokens: RandomTokens, sampling: Random));
            }

            ratios.Add(Rate(proposed) / Rate(plain));
            Console.WriteLine(
                $"random text: {proposed.Sum(one => one.Answer.Usage.ProposedTokens)} tokens proposed for {proposed.Sum(one => one.Answer.Usage.GeneratedTokens)}, "
                + $"{proposed.Sum(one => one.Answer.Usage.AcceptedTokens)} of them chosen; {proposed.Zip(plain).Count(pair => pair.First.Answer.Text == pair.Second.Answer.Text)} "
                + $"of {plain.Count} texts are equal");
        }

        return Figures.Median(ratios);
    }

    /// <summary>Counts the answers that are equal, or that differ first where two tokens are as likely as rounding can tell.</summary>
    private async Task<int> CountEqualAsync(
        IReadOnlyList<TimedAnswer> plain, IReadOnlyList<TimedAnswer> proposed, CancellationToken cancellationToken)
    {
        int[] different = [.. Enumerable.Range(0, plain.Count).Where(i => plain[i].Answer.Text != proposed[i].Answer.Text)];
        if (different.Length == 0)
        {
            return plain.Count;
        }

        IReadOnlyList<AnsweredPrompt> prompts = await AnsweredPrompts.CreateAsync(modelPath, [.. different.Select(i => plain[i])], cancellationToken);
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        int ties = 0;
        for (int i = 0; i < different.Length; i++)
        {
            (double gap, double rounding) = TieCheck.Compare(
                model, threads, prompts[i].Tokens, plain[different[i]].Answer.Generated!.Tokens, proposed[different[i]].Answer.Generated!.Tokens);
            bool isTie = gap <= 2 * rounding;
            ties += isTie ? 1 : 0;
            Console.WriteLine(
                $"'{prompts[i].Question}': the answers differ where two logits are {gap:0.0000} apart; in another batch the same logits move by up to "
                + $"{rounding:0.0000}{(isTie ? ", so it is a tie" : "")}");
        }

        return plain.Count - different.Length + ties;
    }

    private Task<HandbookHost> StartAsync(int? draftTokens, CancellationToken cancellationToken) =>
        HandbookHost.StartAsync(modelPath, threads, MaxCallers, KvReuse.InProcess, cancellationToken, draftTokens: draftTokens);
}
