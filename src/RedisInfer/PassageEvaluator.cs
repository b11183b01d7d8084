using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>
/// Answers the same questions from prompts computed as they stand and from passages computed without each other, and compares.
/// </summary>
internal sealed class PassageEvaluator(RagRuntime runtime, PassageFinder finder, RedisInferOptions options)
{
    /// <summary>What is compared where the caller does not say.</summary>
    public static IReadOnlyList<PassageSetting> DefaultSettings { get; } =
    [
        new(AfterHead: false, 0), new(AfterHead: false, 16), new(AfterHead: false, 64),
        new(AfterHead: true, 0), new(AfterHead: true, 4), new(AfterHead: true, 16), new(AfterHead: true, 64),
    ];

    public async Task<PassageEvaluation> RunAsync(
        IReadOnlyList<string> questions, IReadOnlyList<PassageSetting> settings, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        AnswerEngine engine = await runtime.GetAnswersAsync(cancellationToken).ConfigureAwait(false);
        PassageComparison[] comparisons = [.. settings.Select(setting => new PassageComparison(setting))];
        int compared = 0;
        for (int i = 0; i < questions.Count; i++)
        {
            (RetrievalResult found, _) = await finder.FindAsync(new RagRequest(questions[i]), cancellationToken).ConfigureAwait(false);
            if (found.Chunks.Count > 0)
            {
                Prompt prompt = engine.Prompts.Build(questions[i], PassageFinder.ToSources(found.Chunks), options.MaxOutputTokens);
                await CompareAsync(engine, prompt, comparisons, cancellationToken).ConfigureAwait(false);
                compared++;
            }

            progress?.Report(i + 1);
        }

        return new PassageEvaluation(compared, questions.Count - compared, [.. comparisons.Select(comparison => comparison.Sum())]);
    }

    private async Task CompareAsync(
        AnswerEngine engine, Prompt prompt, PassageComparison[] comparisons, CancellationToken cancellationToken)
    {
        int maxOutputTokens = Math.Min(options.MaxOutputTokens, engine.Prompts.WindowSize - prompt.Tokens.Length);
        TrialAnswer exact = await engine.TryAsync(prompt, setting: null, maxOutputTokens, cancellationToken).ConfigureAwait(false);
        foreach (PassageComparison comparison in comparisons)
        {
            TrialAnswer other = await engine.TryAsync(prompt, comparison.Setting, maxOutputTokens, cancellationToken).ConfigureAwait(false);
            comparison.Add(exact, other, prompt.Passages.Count);
        }
    }
}
