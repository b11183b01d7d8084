using Microsoft.Extensions.Logging;
using RedisInfer.Embedding;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>
/// Scores passages with a re-ranker of the inference engine: a model that reads question and passage together, and has a classification
/// head (GGUF). Thread-safe; computes one batch at a time. Disposes of its context, but not of the model.
/// </summary>
internal sealed partial class ModelReranker : IReranker, IDisposable
{
    /// <summary>
    /// Most tokens of a question and a passage together. Longer passages are cut. The size of the compute buffers grows with it.
    /// </summary>
    internal const int MaxPairTokens = 1024;

    // Pairs that are computed together, and their tokens. More tokens of other pairs cost attention, and gain nothing.
    private const int MaxPairs = 16;
    private const int SharedTokens = 512;

    private readonly PooledContext _context;
    private readonly RerankInput _input;
    private readonly string _path;
    private readonly ILogger _logger;

    /// <summary>Creates the re-ranker and its context.</summary>
    /// <param name="model">A loaded re-ranker. It must outlive this object.</param>
    /// <param name="threads">Compute threads; 0: the engine's default.</param>
    /// <param name="pinThreads">Whether each of them is pinned to a CPU of its own.</param>
    /// <param name="logger">Logs texts that had to be cut, and passages without a score.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the model is no re-ranker.
    /// </exception>
    public ModelReranker(IInferenceModel model, int threads, bool pinThreads, ILogger logger)
    {
        _path = model.Info.Path;
        _logger = logger;
        if (!model.Info.CanRank)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"'{_path}' ({model.Info.Architecture}) is no re-ranker: it has no classification head ('cls.output.weight') that gives a "
                + "score. Set RerankModelPath to a GGUF of bge-reranker, jina-reranker or Qwen3-Reranker.");
        }

        int limit = Math.Min(model.Info.TrainedContextSize, MaxPairTokens);
        ContextOptions options = LargestContext with { ContextSize = limit, BatchSize = limit, Threads = threads, PinThreads = pinThreads };
        _input = new RerankInput(model.Tokenizer, model.Info.RerankTemplate, _path, limit);
        _context = new PooledContext(model, options, SharedTokens, "re-ranking");
    }

    /// <summary>The largest context that a re-ranker gets, for the memory budget.</summary>
    public static ContextOptions LargestContext { get; } = new()
    {
        ContextSize = MaxPairTokens,
        BatchSize = MaxPairTokens,
        MaxSequences = MaxPairs,
        Ranking = true,
    };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<float>> ScoreAsync(
        string question, IReadOnlyList<RerankPassage> passages, CancellationToken cancellationToken = default)
    {
        IEnumerable<int[]> pairs = _input.Build(question, passages.Select(passage => passage.Text), LogCut);
        IReadOnlyList<float[]?> results = await _context.ComputeAsync(
            pairs, (context, sequence) => [context.GetScore(sequence)], cancellationToken).ConfigureAwait(false);
        float[] scores = [.. results.Select(result => result?[0] ?? float.NaN)];

        int without = scores.Count(score => !float.IsFinite(score));
        if (without == 0)
            return scores;
        if (without == scores.Length)
        {
            throw new RedisInferException(
                RedisInferErrorCode.DecodeFailed,
                $"The re-ranker '{_path}' gave no finite score to any of {without} passages. Its weights are damaged: download the model again.");
        }

        // One odd passage must not cost the answer.
        LogWithoutScore(without, scores.Length);
        return [.. scores.Select(score => float.IsFinite(score) ? score : float.NegativeInfinity)];
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    [LoggerMessage(
        EventId = 330, Level = LogLevel.Warning,
        Message = "A text of {TokenCount} tokens was cut for the re-ranker, which reads a question and a passage of limited length.")]
    private partial void LogCut(int tokenCount);

    [LoggerMessage(EventId = 331, Level = LogLevel.Warning, Message = "{Count} of {Total} passages got no finite score by the re-ranker, and come last.")]
    private partial void LogWithoutScore(int count, int total);
}
