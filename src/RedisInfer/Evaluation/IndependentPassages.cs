using RedisInfer.Answering;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;
using RedisInfer.Threads;

namespace RedisInfer.Evaluation;

/// <summary>
/// Tools for <see cref="PassageReuse.Independent"/>: measures how it changes answers on a host's own documents and model, and precomputes
/// the KV states that it reuses. Thread-safe.
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
    /// Answers questions with exact prompts and with independent passages, and compares the answers. Prompts, retrieval and answer length
    /// follow the options; sampling is greedy. The requests take turns in the queue with others. Stores nothing. It ends sooner without
    /// other requests.
    /// </summary>
    /// <param name="questions">The questions, as users would ask them.</param>
    /// <param name="settings">Settings to compare with exact prompts; <see langword="null"/>: a default selection.</param>
    /// <param name="progress">Receives the number of completed questions; called from another thread.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The figures per setting.</returns>
    /// <exception cref="ArgumentException">A question is empty, or <see cref="PassageSetting.RecomputedTokens"/> is below 0.</exception>
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
            throw new ArgumentException($"RecomputedTokens is {wrong.RecomputedTokens}: set it to 0 or more.", nameof(settings));
        }

        foreach (string question in questions)
        {
            _search.ThrowIfInvalid(new RagRequest(question));
        }

        return CompareAllAsync(questions, settings, progress, cancellationToken).ForHost();
    }

    /// <summary>
    /// Precomputes the KV state of every indexed passage that is not cached yet. With <see cref="PassageReuse.Independent"/>, even the
    /// first question about a passage then skips its prefill. Call it after indexing; its requests take turns in the queue with others. If
    /// a KV block does not fit into its store, or is evicted later, the question that needs it computes it.
    /// </summary>
    /// <param name="progress">Receives the number of completed passages; called from another thread.</param>
    /// <param name="cancellationToken">Cancels. KV states that are computed already stay stored.</param>
    /// <returns>Number of passages that had to be computed.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.InvalidOptions"/>: <see cref="KvCacheOptions.Reuse"/> is neither <see cref="KvReuse.Shared"/> nor
    /// <see cref="KvReuse.Local"/>. Or as for <see cref="IRagGenerator.GenerateAsync"/>.
    /// </exception>
    public Task<int> PrepareAsync(IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        PrepareAllAsync(progress, cancellationToken).ForHost();

    private async Task<int> PrepareAllAsync(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (_options.KvCache.Reuse is not (KvReuse.Shared or KvReuse.Local))
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                $"KvCache.Reuse is {_options.KvCache.Reuse}, but prepared passages are stored in Redis or a folder. Set KvCache.Reuse to Shared or Local.");
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
                ReadOnlyMemory<int> tokens = PassageFormat.TokensInPrompt(tokenizer, chunk.Trail, chunk.Text, chunk.Tokens);
                computed += await trials.PrepareAsync(tokens, cancellationToken).ConfigureAwait(false) ? 1 : 0;
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
            comparison.Add(exact, other, [.. prompt.Passages.Select(passage => passage.Passage.Text)]);
        }
    }
}
