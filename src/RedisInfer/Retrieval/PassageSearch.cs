using RedisInfer.Corpus;
using RedisInfer.Embedding;
using RedisInfer.Errors;

namespace RedisInfer.Retrieval;

/// <summary>Embeds a question and retrieves passages for it. Thread-safe.</summary>
internal sealed class PassageSearch(CorpusAccess corpus, RetrievalOptions options, IReranker? reranker, TimeProvider time)
{
    // Measured with the benchmark "quality". Passages that share words with a question but do not answer it mostly score below
    // MinWordScore. If even the best passage lacks the words that distinguish the question, the others lack them, too.
    private const float MinWordScore = 0.33f;
    private const float MinBestWordScore = 0.4f;
    private const float MinEmbeddingScore = 0.05f;

    /// <summary>Throws if the question is empty or a retrieval setting is invalid.</summary>
    /// <exception cref="ArgumentException">The request is invalid.</exception>
    public static void ThrowIfInvalid(RagRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Question))
        {
            throw new ArgumentException("The question is empty: set it to a text.", nameof(request));
        }

        if (RetrievalOptions.FindProblems(request.TopK, request.MinScore, request.Retrieval, request.Neighbors).FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(request));
        }

        if (request.Filter is not null)
        {
            FilterMatch.ThrowIfInvalid(request.Filter);
        }
    }

    /// <summary>Finds the passages for a question.</summary>
    /// <param name="request">A valid request.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The passages, best first; none if no passage scores high enough.</returns>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync"/>.</exception>
    public async Task<RetrievalResult> FindAsync(RagRequest request, CancellationToken cancellationToken)
    {
        CorpusStore store = await corpus.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await corpus.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        long embedStart = time.GetTimestamp();
        ReadOnlyMemory<float> vector = await embedder.EmbedQuestionAsync(request.Question, cancellationToken).ConfigureAwait(false);
        TimeSpan embedTime = time.GetElapsedTime(embedStart);
        RetrievalMode mode = request.Retrieval ?? options.Mode;
        bool hasEmbedding = embedder.Dimensions > 0;
        if (mode == RetrievalMode.Vector && !hasEmbedding)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                "The retrieval mode is Vector, but there is no embedding: set EmbeddingModelPath, register an embedding generator, "
                + "or set the mode to Hybrid.");
        }

        float? minScore = request.MinScore ?? options.MinScore;
        var query = new RetrievalQuery(
            request.Question, vector, request.TopK ?? options.TopK, minScore ?? (hasEmbedding ? MinEmbeddingScore : MinWordScore))
        {
            Mode = mode,
            Filter = request.Filter,
            Neighbors = request.Neighbors ?? options.Neighbors,
            Reranker = reranker,
            RerankCandidates = options.RerankCandidates,
        };
        RetrievalResult found = await new Retriever(store, time).SearchAsync(query, cancellationToken).ConfigureAwait(false);
        bool isDeclined = minScore is null && !hasEmbedding && found.Passages.All(passage => passage.Score < MinBestWordScore);
        return found with { Passages = isDeclined ? [] : found.Passages, EmbedTime = embedTime };
    }
}
