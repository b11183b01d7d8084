using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Embedding;

/// <summary>
/// Computes embeddings, unit vectors, with an embedding model of the inference engine (GGUF with pooling). Thread-safe; computes one batch
/// at a time. Disposes of its context, but not of the model.
/// </summary>
internal sealed partial class ModelEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    // Chunks are shorter. The size of the compute buffers grows with it.
    private const int MaxTextTokens = 2048;

    // Texts that are computed together, and their tokens. Every token of a batch is compared with all of them, those of other texts too. So
    // only short texts share a batch, which are too few rows each.
    private const int MaxTexts = 16;
    private const int SharedTokens = 64;

    private readonly ITokenizer _tokenizer;
    private readonly PooledContext _context;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _dimensions;
    private readonly ILogger _logger;

    /// <summary>Creates the generator and its context.</summary>
    /// <param name="model">A loaded embedding model. It must outlive the generator.</param>
    /// <param name="threads">Compute threads; 0: the engine's default.</param>
    /// <param name="pinThreads">Whether each of them is pinned to a CPU of its own.</param>
    /// <param name="logger">Logs a warning for every text that had to be cut.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the model is a text model or a re-ranker.
    /// </exception>
    public ModelEmbeddingGenerator(IInferenceModel model, int threads, bool pinThreads, ILogger logger)
    {
        int limit = Math.Min(model.Info.TrainedContextSize, MaxTextTokens);
        var options = new ContextOptions
        {
            ContextSize = limit,
            BatchSize = limit,
            MaxSequences = MaxTexts,
            Threads = threads,
            PinThreads = pinThreads,
            Embeddings = true,
        };
        _context = new PooledContext(model, options, SharedTokens, "embedding");
        _tokenizer = model.Tokenizer;
        _dimensions = model.Info.EmbeddingLength;

        // The model name is part of the index identity. It contains the fingerprint, because other weights give other vectors.
        _metadata = new EmbeddingGeneratorMetadata(
            model.Info.Engine, providerUri: null, $"{model.Info.Name}:{model.Info.Fingerprint}", _dimensions);
        _logger = logger;
    }

    /// <inheritdoc/>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } asked && asked != _dimensions)
            throw new ArgumentException($"The model computes vectors of {_dimensions} dimensions, not of {asked}.", nameof(options));

        string[] texts = [.. values];
        long tokenCount = 0;
        IReadOnlyList<float[]?> vectors = await _context.ComputeAsync(
            texts.Select(TokenizeAndCount), (context, sequence) => context.GetEmbedding(sequence).ToArray(), cancellationToken).ConfigureAwait(false);

        // A text without tokens, or a zero vector, has no direction: no search finds it.
        return new GeneratedEmbeddings<Embedding<float>>(
            vectors.Select(vector => new Embedding<float>((vector is null ? null : UnitVector.From(vector)) ?? new float[_dimensions])))
        {
            Usage = new UsageDetails { InputTokenCount = tokenCount, TotalTokenCount = tokenCount },
        };

        int[] TokenizeAndCount(string text)
        {
            int[] tokens = Tokenize(text);
            tokenCount += tokens.Length;
            return tokens;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private int[] Tokenize(string text)
    {
        ReadOnlySpan<int> leading = _tokenizer.LeadingTokens.Span;
        ReadOnlySpan<int> trailing = _tokenizer.TrailingTokens.Span;
        ReadOnlySpan<int> tokens = _tokenizer.Tokenize(text, parseSpecial: false);
        int limit = _context.MaxTextTokens - leading.Length - trailing.Length;
        if (tokens.Length > limit)
        {
            LogCut(tokens.Length, limit);
            tokens = tokens[..limit];
        }

        return [.. leading, .. tokens, .. trailing];
    }

    [LoggerMessage(
        EventId = 320, Level = LogLevel.Warning,
        Message = "A text of {TokenCount} tokens was cut to the {Limit} that the embedding model accepts. Configure smaller chunks.")]
    private partial void LogCut(int tokenCount, int limit);
}
