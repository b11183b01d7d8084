using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Answering;
using RedisInfer.Chunking;
using RedisInfer.Errors;
using RedisInfer.Evaluation;
using RedisInfer.Hosting;
using RedisInfer.Indexing;
using RedisInfer.Llama;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>
/// One model and one corpus, ready to index and to answer. Holds the model, the decode loop and the connection. Each is loaded on first
/// use, or all at once by <see cref="WarmUpAsync"/>. What failed to load is tried again at the next use. Thread-safe.
/// </summary>
public sealed class RagRuntime : IAsyncDisposable
{
    private readonly RuntimeParts _parts;

    /// <summary>Creates a runtime; nothing is loaded yet.</summary>
    /// <param name="options">The options; later changes to them have no effect on what is loaded by then.</param>
    /// <param name="components">Parts in place of the defaults.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.InvalidOptions"/>: all problems in one message.</exception>
    public RagRuntime(RedisInferOptions options, RagComponents? components = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        components ??= new RagComponents();
        ThrowIfInvalid(options, components);
        RuntimeComponents parts = Resolve(options, components);
        _parts = new RuntimeParts(options, parts);
        Corpus = new CorpusAccess(_parts.GetModelAsync, _parts.GetEmbedderAsync, _parts.GetStoreAsync);
        var search = new PassageSearch(Corpus, options.Retrieval, components.Reranker, parts.Time);
        Generator = new RagGenerator(_parts.GetPipelineAsync, search, options, parts.Time);
        Index = new RagIndex(
            Corpus,
            search,
            components.Chunker ?? new ParagraphChunker(options.Chunking),
            parts.Time,
            parts.Loggers.CreateLogger<RagIndex>());
        IndependentPassages = new IndependentPassages(_parts.GetPipelineAsync, Corpus, search, options);
    }

    /// <summary>Answers questions.</summary>
    public IRagGenerator Generator { get; }

    /// <summary>Holds the documents.</summary>
    public IRagIndex Index { get; }

    /// <summary>Measures and prepares passages whose KV states are computed independently of each other.</summary>
    public IndependentPassages IndependentPassages { get; }

    /// <summary>The corpus, for benchmarks that measure its parts.</summary>
    internal CorpusAccess Corpus { get; }

    /// <summary>Connects and loads everything now, instead of at the first question.</summary>
    /// <param name="progress">Reports the progress; may be called from any thread.</param>
    /// <param name="cancellationToken">Stops; what was loaded so far stays.</param>
    /// <returns>A task that ends when a question can be answered at once.</returns>
    /// <exception cref="RedisInferException">Something cannot be loaded.</exception>
    public Task WarmUpAsync(IProgress<WarmUpProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _parts.WarmUpAsync(progress, cancellationToken);

    /// <summary>Reads the status of the runtime; cheap, at any time, from any thread.</summary>
    /// <returns>The status.</returns>
    public RagStatus GetStatus() => _parts.GetStatus();

    /// <summary>
    /// Refuses new requests, lets running ones continue until <see cref="CapacityOptions.ShutdownTimeout"/>, and frees everything: loop,
    /// context, models, connection.
    /// </summary>
    /// <returns>A task that ends when all is freed.</returns>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private static RuntimeComponents Resolve(RedisInferOptions options, RagComponents components)
    {
        ILoggerFactory loggers = components.LoggerFactory ?? NullLoggerFactory.Instance;
        return new RuntimeComponents(
            components.InferenceEngine
                ?? new LlamaEngine(new LlamaOptions { NativeLibraryDirectory = options.Engine.NativeLibraryDirectory }, loggers),
            components.Connection ?? new RedisConnectionSource(options.Redis!, loggers.CreateLogger<RedisConnectionSource>()),
            OwnsConnection: components.Connection is null,
            components.EmbeddingGenerator,
            components.ContextLoader ?? new AdaptiveContextLoader(),
            loggers,
            components.MeterFactory,
            components.TimeProvider ?? TimeProvider.System);
    }

    private static void ThrowIfInvalid(RedisInferOptions options, RagComponents components)
    {
        List<string> problems = [.. options.Validate()];
        if (components.Connection is null && string.IsNullOrWhiteSpace(options.Redis))
        {
            problems.Add("Redis is empty: give a server such as localhost:6379, a connection, or UseEmbeddedGarnet().");
        }

        if (problems.Count > 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions, "RedisInferOptions: " + string.Join(" ", problems));
        }
    }
}
