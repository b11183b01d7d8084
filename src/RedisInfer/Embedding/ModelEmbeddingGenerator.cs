using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Threads;

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

    private readonly ComputeThread _thread;
    private readonly ITokenizer _tokenizer;
    private readonly IInferenceContext _context;
    private readonly TokenBatch _batch;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _dimensions;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();

    // The holder of this semaphore may use the context.
    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _isDisposed;

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
        _context = model.CreateContext(new ContextOptions
        {
            ContextSize = limit,
            BatchSize = limit,
            MaxSequences = MaxTexts,
            Threads = threads,
            PinThreads = pinThreads,
            Embeddings = true,
        });
        _thread = new ComputeThread("RedisInfer embedding");
        _batch = new TokenBatch(Math.Min(_context.BatchSize, limit));
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

        ObjectDisposedException.ThrowIf(_isDisposed, this);
        string[] texts = [.. values];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await _turn.WaitAsync(cancellationToken).OnOwnThread();
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            return await _thread.RunAsync(() => Compute(texts, stop.Token)).OnOwnThread();
        }
        catch (OperationCanceledException) when (_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName);
        }
        finally
        {
            _turn.Release();
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
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _stopping.Cancel();

        // Waits until the current batch has stopped, which it does between two operations. Callers that wait for their turn then get it,
        // and find the generator disposed of.
        _turn.Wait();
        _context.Dispose();
        _thread.Dispose();
        _turn.Release();
    }

    private GeneratedEmbeddings<Embedding<float>> Compute(string[] texts, CancellationToken cancellationToken)
    {
        // A call that was cancelled, or whose text could not be tokenized, may have left rows.
        _batch.Clear();
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        long tokenCount = 0;
        var waiting = new List<int>(MaxTexts);
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] tokens = Tokenize(text);
            if (waiting.Count == MaxTexts || (waiting.Count > 0 && _batch.Count + tokens.Length > SharedTokens))
                ComputeBatch(waiting, embeddings, cancellationToken);

            for (int position = 0; position < tokens.Length; position++)
            {
                _batch.Add(tokens[position], position, waiting.Count, output: true);
            }

            waiting.Add(tokens.Length);
            tokenCount += tokens.Length;
        }

        ComputeBatch(waiting, embeddings, cancellationToken);
        embeddings.Usage = new UsageDetails { InputTokenCount = tokenCount, TotalTokenCount = tokenCount };
        return embeddings;
    }

    /// <summary>Computes the texts in the batch, with these token counts, and empties the batch.</summary>
    private void ComputeBatch(
        List<int> lengths, GeneratedEmbeddings<Embedding<float>> embeddings, CancellationToken cancellationToken)
    {
        try
        {
            if (_batch.Count > 0 && _context.Decode(_batch, cancellationToken) is var result && result != DecodeResult.Done)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new RedisInferException(
                    RedisInferErrorCode.DecodeFailed,
                    $"The embedding model could not compute a batch of {_batch.Count} tokens in {lengths.Count} texts ({result}).");
            }

            for (int sequence = 0; sequence < lengths.Count; sequence++)
            {
                // A text without tokens, or a zero vector, has no direction: no search finds it.
                float[]? unit = lengths[sequence] == 0 ? null : UnitVector.From(_context.GetEmbedding(sequence));
                embeddings.Add(new Embedding<float>(unit ?? new float[_dimensions]));
            }
        }
        finally
        {
            _batch.Clear();
            lengths.Clear();
        }
    }

    private int[] Tokenize(string text)
    {
        ReadOnlySpan<int> leading = _tokenizer.LeadingTokens.Span;
        ReadOnlySpan<int> trailing = _tokenizer.TrailingTokens.Span;
        ReadOnlySpan<int> tokens = _tokenizer.Tokenize(text, parseSpecial: false);
        int limit = _batch.Capacity - leading.Length - trailing.Length;
        if (tokens.Length > limit)
        {
            LogCut(tokens.Length, limit);
            tokens = tokens[..limit];
        }

        return [.. leading, .. tokens, .. trailing];
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A text of {TokenCount} tokens was cut to the {Limit} that the embedding model accepts. Configure smaller chunks.")]
    private partial void LogCut(int tokenCount, int limit);
}
