using RedisInfer.Corpus;
using RedisInfer.Embedding;
using RedisInfer.Errors;

namespace RedisInfer.Retrieval;

/// <summary>Embeds a question and retrieves passages for it. Thread-safe.</summary>
/// <param name="corpus">The corpus.</param>
/// <param name="options">The host's options.</param>
/// <param name="getReranker">Returns the re-ranker; <see langword="null"/>: there is none.</param>
/// <param name="time">Clock for the timings.</param>
internal sealed class PassageSearch(
    CorpusAccess corpus, RedisInferOptions options, Func<CancellationToken, ValueTask<IReranker>>? getReranker, TimeProvider time)
{
    // A token is four characters on average, and seldom more than this. A longer question cannot fit into the context, so it is refused
    // before it is embedded and searched for.
    private const int MaxCharactersPerToken = 16;

    /// <summary>Throws if the question is empty or too long, or if a retrieval setting is invalid.</summary>
    /// <exception cref="ArgumentException">The request is invalid.</exception>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.ContextTooLong"/>: the question is too long.</exception>
    public void ThrowIfInvalid(RagRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Question))
        {
            throw new ArgumentException("The question is empty: set it to a text.", nameof(request));
        }

        if (RetrievalOptions.FindProblems(request.TopK, request.MinScore, request.Retrieval, request.Neighbors, request.FollowUp)
            .FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(request));
        }

        if (request.Filter?.FindProblem() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(request));
        }

        int contextSize = options.Capacity.ContextSize;
        int maxCharacters = (int)Math.Min((long)contextSize * MaxCharactersPerToken, int.MaxValue);
        if (ConversationCheck.FindProblem(request, maxCharacters) is { } odd)
        {
            throw new ArgumentException(odd, nameof(request));
        }

        if (request.Question.Length > maxCharacters)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ContextTooLong,
                $"The question has {request.Question.Length} characters. The limit is {maxCharacters}: "
                + $"{MaxCharactersPerToken} for each token of ContextSize ({contextSize}). Shorten the question, or raise ContextSize if the "
                + "model was trained for more.");
        }
    }

    /// <summary>Whether there is an embedding, so that vectors can be searched.</summary>
    public async ValueTask<bool> HasEmbeddingAsync(CancellationToken cancellationToken) =>
        (await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false)).Dimensions > 0;

    /// <summary>Whether the model rewrites the question of a request for the search.</summary>
    public bool IsRewritten(RagRequest request) => request.History is { Count: > 0 } && ModeOf(request) == FollowUpSearch.Rewritten;

    /// <summary>Finds the passages for a question that the model does not rewrite.</summary>
    /// <param name="request">A valid request.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The passages, best first; none if no passage scores high enough.</returns>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync"/>.</exception>
    public Task<RetrievalResult> FindAsync(RagRequest request, CancellationToken cancellationToken) =>
        FindAsync(request, rewritten: null, cancellationToken);

    /// <summary>Finds the passages for a question.</summary>
    /// <param name="request">A valid request.</param>
    /// <param name="rewritten">The question as the model rewrote it; <see langword="null"/>: it did not.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The passages, best first; none if no passage scores high enough.</returns>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync"/>.</exception>
    public async Task<RetrievalResult> FindAsync(RagRequest request, string? rewritten, CancellationToken cancellationToken)
    {
        string question = rewritten ?? request.Question;
        IReadOnlyList<RagTurn> history = rewritten is null && ModeOf(request) != FollowUpSearch.QuestionOnly ? request.History ?? [] : [];
        CorpusStore store = await corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        long embedStart = time.GetTimestamp();
        string[] texts = [question, .. FollowUp.MeaningOf(history)];
        IReadOnlyList<ReadOnlyMemory<float>> vectors = await embedder.EmbedQuestionsAsync(texts, cancellationToken).ConfigureAwait(false);
        TimeSpan embedTime = time.GetElapsedTime(embedStart);
        RetrievalOptions retrieval = options.Retrieval;
        RetrievalMode mode = request.Retrieval ?? retrieval.Mode;
        if (mode == RetrievalMode.Vector && embedder.Dimensions == 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                "The retrieval mode is Vector, but there is no embedding: set EmbeddingModelPath, register an embedding generator, "
                + "or set the mode to Hybrid.");
        }

        var query = new RetrievalQuery(
            question, vectors[0], request.TopK ?? retrieval.TopK, request.MinScore ?? retrieval.MinScore)
        {
            Earlier = [.. FollowUp.Texts(history)],
            EarlierVector = vectors[^1],
            Mode = mode,
            Filter = request.Filter,
            Neighbors = request.Neighbors ?? retrieval.Neighbors,
            Reranker = getReranker is null ? null : await getReranker(cancellationToken).ConfigureAwait(false),
            RerankCandidates = retrieval.RerankCandidates,
        };
        RetrievalResult found = await new Retriever(store, time).SearchAsync(query, cancellationToken).ConfigureAwait(false);
        return found with { EmbedTime = embedTime };
    }

    private FollowUpSearch ModeOf(RagRequest request) => request.FollowUp ?? options.Retrieval.FollowUp;
}
