using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>Embeds a question and retrieves passages for it.</summary>
internal sealed class PassageFinder(RagRuntime runtime, RedisInferOptions options, IReranker? reranker, TimeProvider time)
{
    // Measured: benchmarks, "quality". What passages share with a question that they do not answer is mostly below. Where not even the
    // best passage has what the question is about, the others have it less.
    private const float LeastWordScore = 0.33f;
    private const float LeastBestWordScore = 0.4f;
    private const float LeastEmbeddingScore = 0.05f;

    /// <summary>Refuses a request whose question or retrieval settings make no sense.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void ThrowIfInvalid(RagRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (string.IsNullOrWhiteSpace(request.Question))
        {
            throw new ArgumentException("The question is empty: ask something.", nameof(request));
        }

        if (FindProblems(request.TopK, request.MinScore, request.Retrieval, request.Neighbors).FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(request));
        }

        request.Filter?.ThrowIfInvalid();
    }

    /// <summary>Finds what is wrong with settings of retrieval, of the host's options or of a request.</summary>
    /// <returns>One sentence per problem; what is not set is no problem.</returns>
    public static IEnumerable<string> FindProblems(int? topK, float? minScore, RetrievalMode? retrieval, int? neighbors)
    {
        if (topK is < 1 or > 100)
        {
            yield return $"TopK is {topK}: give 1 to 100 passages.";
        }

        if (minScore is not (null or (>= -1 and <= 1)))
        {
            yield return $"MinScore is {minScore}: give a cosine similarity of -1 to 1.";
        }

        if (retrieval is { } mode && !Enum.IsDefined(mode))
        {
            yield return $"Retrieval is {mode}: give Hybrid, Lexical or Vector.";
        }

        if (neighbors is < 0 or > 10)
        {
            yield return $"Neighbors is {neighbors}: give 0 to 10 chunks on each side.";
        }
    }

    public async Task<(RetrievalResult Found, TimeSpan EmbedTime)> FindAsync(RagRequest request, CancellationToken cancellationToken)
    {
        CorpusStore store = await runtime.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await runtime.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        long embedStart = time.GetTimestamp();
        ReadOnlyMemory<float> vector = await embedder.EmbedQuestionAsync(request.Question, cancellationToken).ConfigureAwait(false);
        TimeSpan embedTime = time.GetElapsedTime(embedStart);
        RetrievalMode mode = request.Retrieval ?? options.Retrieval;
        if (mode == RetrievalMode.Vector && embedder.Dimensions == 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                "Retrieval is Vector, but there is no embedding: set EmbeddingModelPath, register an embedding generator, or choose Hybrid.");
        }

        float? chosen = request.MinScore ?? options.MinScore;
        float minScore = chosen ?? (embedder.Dimensions == 0 ? LeastWordScore : LeastEmbeddingScore);
        var query = new RetrievalQuery(request.Question, vector, request.TopK ?? options.TopK, minScore)
        {
            Mode = mode,
            Filter = request.Filter,
            Neighbors = request.Neighbors ?? options.Neighbors,
            Reranker = reranker,
            RerankCandidates = options.RerankCandidates,
        };
        RetrievalResult found = await new Retriever(store, time).SearchAsync(query, cancellationToken).ConfigureAwait(false);
        bool isDeclined = chosen is null && embedder.Dimensions == 0 && found.Chunks.All(chunk => chunk.Score < LeastBestWordScore);
        return (isDeclined ? found with { Chunks = [] } : found, embedTime);
    }

    /// <summary>What a prompt is built from.</summary>
    public static PassageSource[] ToSources(IReadOnlyList<RetrievedChunk> chunks) =>
        [.. chunks.Select(chunk => new PassageSource(chunk.Path, chunk.Index, chunk.Tokens))];

    public static RagPassage ToPassage(int number, RetrievedChunk chunk, int tokenCount) => new(
        number,
        chunk.Path,
        chunk.Index,
        chunk.StartLine,
        chunk.EndLine,
        chunk.Score,
        chunk.Text,
        tokenCount);
}
