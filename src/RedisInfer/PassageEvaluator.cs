using RedisInfer.Errors;
using RedisInfer.Inference;
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
        IInferenceModel model = await runtime.GetModelAsync(cancellationToken).ConfigureAwait(false);
        var builder = PromptBuilder.Create(model, options.ContextSize, options.SystemPrompt, options.EnableThinking);
        var prompts = new List<Prompt>(questions.Count);
        foreach (string question in questions)
        {
            (RetrievalResult found, _) = await finder.FindAsync(new RagRequest(question), cancellationToken).ConfigureAwait(false);
            if (found.Chunks.Count > 0)
            {
                prompts.Add(builder.Build(
                    question,
                    PassageFinder.ToSources(found.Chunks),
                    options.MaxOutputTokens));
            }
        }

        PassageComparison[] comparisons = [.. settings.Select(setting => new PassageComparison(setting))];
        if (prompts.Count > 0)
        {
            // Decoding holds its thread for minutes.
            await Task.Run(() => Compare(model, prompts, comparisons, builder.WindowSize, progress, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }

        return new PassageEvaluation(
            prompts.Count, questions.Count - prompts.Count, [.. comparisons.Select(comparison => comparison.Sum())]);
    }

    private void Compare(
        IInferenceModel model,
        List<Prompt> prompts,
        PassageComparison[] comparisons,
        int windowSize,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        int longestPassage = prompts.SelectMany(prompt => prompt.Passages).Max(passage => passage.TokenCount);
        int longestPrompt = prompts.Max(prompt => Math.Min(windowSize, prompt.Tokens.Length + options.MaxOutputTokens));
        using IInferenceContext context = model.CreateContext(new ContextOptions
        {
            ContextSize = longestPrompt + longestPassage,
            MaxSequences = PassageTrial.SequenceCount,
            BatchSize = options.BatchSize,
            Threads = options.Threads,
            KvType = options.KvType,
        });
        var trial = new PassageTrial(model, context);
        for (int i = 0; i < prompts.Count; i++)
        {
            int maxOutputTokens = Math.Min(options.MaxOutputTokens, windowSize - prompts[i].Tokens.Length);
            try
            {
                Compare(trial, prompts[i], maxOutputTokens, comparisons, cancellationToken);
            }
            catch (NotSupportedException e)
            {
                throw new RedisInferException(
                    RedisInferErrorCode.InvalidOptions,
                    $"'{model.Info.Path}' ({model.Info.Architecture}) keeps attention states that cannot be moved to other positions. "
                    + "Evaluate another model.",
                    e);
            }

            progress?.Report(i + 1);
        }
    }

    private static void Compare(
        PassageTrial trial, Prompt prompt, int maxOutputTokens, PassageComparison[] comparisons, CancellationToken cancellationToken)
    {
        TrialAnswer exact = trial.Answer(prompt, maxOutputTokens, cancellationToken);
        foreach (IGrouping<bool, PassageComparison> alike in comparisons.GroupBy(comparison => comparison.Setting.AfterHead))
        {
            byte[][] states = trial.ComputePassages(prompt, alike.Key, cancellationToken);
            foreach (PassageComparison comparison in alike)
            {
                TrialAnswer other = trial.Answer(prompt, states, comparison.Setting, maxOutputTokens, cancellationToken);
                comparison.Add(exact, other, prompt.Passages.Count);
            }
        }
    }
}
