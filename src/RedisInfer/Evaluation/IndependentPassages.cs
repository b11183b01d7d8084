using RedisInfer.Answering;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer.Evaluation;

/// <summary>
/// Tools for <see cref="PassageReuse.Independent"/>: measures what it costs in answers on a host's own documents and model, and precomputes
/// the KV states that it reuses. Members may be called from several threads at once.
/// </summary>
public sealed class IndependentPassages
{
    private static readonly IReadOnlyList<PassageSetting> DefaultSettings =
    [
        new(AfterHead: false, 0), new(AfterHead: false, 16), new(AfterHead: false, 64),
        new(AfterHead: true, 0), new(AfterHead: true, 4), new(AfterHead: true, 16), new(AfterHead: true, 64),
    ];

    private readonly Func<CancellationToken, ValueTask<AnswerPipeline>> _getPipeline;
    private readonly CorpusAccess _corpus;
    private readonly PassageSearch _search;
    private readonly RedisInferOptions _options;

    internal IndependentPassages(
        Func<CancellationToken, ValueTask<AnswerPipeline>> getPipeline, CorpusAccess corpus, PassageSearch search, RedisInferOptions options)
    {
        _getPipeline = getPipeline;
        _corpus = corpus;
        _search = search;
        _options = options;
    }

    /// <summary>
    /// Answers questions with exact prompts and with independent passages, and compares the answers. Prompts, retrieval and length of
    /// answers are those of the options; sampling is greedy. The answers take their turns in the queue, and nothing is stored. Without
    /// other requests it ends sooner.
    /// </summary>
    /// <param name="questions">The questions, as users would ask them.</param>
    /// <param name="settings">What to compare with exact prompts; <see langword="null"/>: a choice of settings.</param>
    /// <param name="progress">Gets the number of questions done; called from another thread.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentException">A question is empty, or a setting is below 0.</exception>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync"/>.</exception>
    public Task<PassageEvaluation> EvaluateAsync(
        IReadOnlyList<string> questions,
        IReadOnlyList<PassageSetting>? settings = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        settings ??= DefaultSettings;
        if (settings.FirstOrDefault(setting => setting.RecomputedTokens < 0) is { } wrong)
        {
            throw new ArgumentException($"RecomputedTokens is {wrong.RecomputedTokens}: give 0 or more.", nameof(settings));
        }

        foreach (string question in questions)
        {
            PassageSearch.ThrowIfInvalid(new RagRequest(question));
        }

        return CompareAllAsync(questions, settings, progress, cancellationToken);
    }

    /// <summary>
    /// Precomputes the KV state of every indexed passage that is not cached yet. With <see cref="PassageReuse.Independent"/>, even the first
    /// question about a passage then skips its prefill. Call it after indexing; it takes its turns in the queue. A state that finds no room
    /// in Redis, or is evicted later, is computed by the question that needs it.
    /// </summary>
    /// <param name="progress">Gets the number of passages done; called from another thread.</param>
    /// <param name="cancellationToken">Stops; what was computed stays.</param>
    /// <returns>How many passages had to be computed.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.InvalidOptions"/>: states are not kept in Redis; or as for <see cref="IRagGenerator.GenerateAsync"/>.
    /// </exception>
    public async Task<int> PrepareAsync(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (_options.KvCache.Reuse != KvReuse.Shared)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                $"KvCache.Reuse is {_options.KvCache.Reuse}: passages are prepared in Redis. Set KvCache.Reuse to Shared.");
        }

        ITokenizer tokenizer = await _corpus.GetTokenizerAsync(cancellationToken).ConfigureAwait(false);
        var trials = new TrialRunner(await _getPipeline(cancellationToken).ConfigureAwait(false));
        CorpusStore store = await _corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        int done = 0;
        int computed = 0;
        await foreach (ManifestEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            StoredChunk?[] chunks = await store.ReadDocumentAsync(tokenizer.Fingerprint, entry, cancellationToken).ConfigureAwait(false);
            foreach (StoredChunk chunk in chunks.OfType<StoredChunk>())
            {
                computed += await trials.PrepareAsync(chunk.Tokens, cancellationToken).ConfigureAwait(false) ? 1 : 0;
                progress?.Report(++done);
            }
        }

        return computed;
    }

    private async Task<PassageEvaluation> CompareAllAsync(
        IReadOnlyList<string> questions, IReadOnlyList<PassageSetting> settings, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        AnswerPipeline pipeline = await _getPipeline(cancellationToken).ConfigureAwait(false);
        PassageComparison[] comparisons = [.. settings.Select(setting => new PassageComparison(setting))];
        int compared = 0;
        for (int i = 0; i < questions.Count; i++)
        {
            RetrievalResult found = await _search.FindAsync(new RagRequest(questions[i]), cancellationToken).ConfigureAwait(false);
            if (found.Passages.Count > 0)
            {
                Prompt prompt = pipeline.Prompts.Build(questions[i], found.Passages, _options.MaxOutputTokens);
                await CompareAsync(pipeline, prompt, comparisons, cancellationToken).ConfigureAwait(false);
                compared++;
            }

            progress?.Report(i + 1);
        }

        return new PassageEvaluation
        {
            Questions = compared,
            WithoutPassages = questions.Count - compared,
            Settings = [.. comparisons.Select(comparison => comparison.Sum())],
        };
    }

    private async Task CompareAsync(
        AnswerPipeline pipeline, Prompt prompt, PassageComparison[] comparisons, CancellationToken cancellationToken)
    {
        var trials = new TrialRunner(pipeline);
        int maxOutputTokens = Math.Min(_options.MaxOutputTokens, pipeline.Prompts.WindowSize - prompt.Tokens.Length);
        TrialAnswer exact = await trials.RunAsync(prompt, setting: null, maxOutputTokens, cancellationToken).ConfigureAwait(false);
        foreach (PassageComparison comparison in comparisons)
        {
            TrialAnswer other = await trials.RunAsync(prompt, comparison.Setting, maxOutputTokens, cancellationToken).ConfigureAwait(false);
            comparison.Add(exact, other, prompt.Passages.Count);
        }
    }
}
