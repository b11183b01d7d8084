using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Answering;
using RedisInfer.Chunking;
using RedisInfer.Errors;
using RedisInfer.Evaluation;
using RedisInfer.Folders;
using RedisInfer.Hosting;
using RedisInfer.Indexing;
using RedisInfer.Llama;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Threads;

namespace RedisInfer;

/// <summary>
/// One model and one corpus: indexes documents and answers questions about them. Holds the models, the decode loop and the connection. Each
/// is loaded at its first use, or all at once by <see cref="WarmUpAsync"/>. If loading fails, the next use tries again. Thread-safe.
/// </summary>
public sealed class RagRuntime : IAsyncDisposable
{
    private readonly RuntimeParts _parts;
    private readonly HealthProbe _health;

    /// <summary>Creates a runtime. Loads nothing yet.</summary>
    /// <param name="options">The options. Later changes have no effect on parts that are loaded already.</param>
    /// <param name="components">Parts that replace the defaults; <see langword="null"/> for the defaults.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.InvalidOptions"/>: the message lists every problem.</exception>
    public RagRuntime(RedisInferOptions options, RagComponents? components = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        components ??= new RagComponents();
        ThrowIfInvalid(options, components);
        RuntimeComponents parts = Resolve(options, components);
        _parts = new RuntimeParts(options, parts);
        IChunker chunker = components.Chunker ?? new ParagraphChunker(options.Chunking);
        _health = new HealthProbe(parts, options, _parts, chunker.Identity);
        Corpus = new CorpusAccess(_parts.GetTokenizerAsync, _parts.GetEmbedderAsync, _parts.GetStoreAsync, chunker);
        var search = new PassageSearch(Corpus, options, _parts.HasReranker ? _parts.GetRerankerAsync : null, parts.Time);
        var generator = new RagGenerator(_parts.GetPipelineAsync, search, options, parts.Time);
        Generator = new HostedGenerator(generator);
        Handoff = new RagHandoff(generator, _parts.GetPipelineAsync, options, components.Key);
        Index = new HostedIndex(new RagIndex(
            Corpus,
            search,
            new DocumentFileReader(components.DocumentReaders, options.DocumentLimits, parts.Time),
            chunker,
            parts.Time,
            parts.Loggers.CreateLogger<RagIndex>()));
        RetrievalQuality = new RetrievalQuality(search);
        IndependentPassages = new IndependentPassages(_parts.GetPipelineAsync, Corpus, search, options);
    }

    /// <summary>Answers questions. Owned by this runtime.</summary>
    public IRagGenerator Generator { get; }

    /// <summary>Searches and answers in two steps, for routers between hosts.</summary>
    public RagHandoff Handoff { get; }

    /// <summary>Adds, removes and searches documents. Owned by this runtime.</summary>
    public IRagIndex Index { get; }

    /// <summary>Measures what retrieval finds on questions with known answers.</summary>
    public RetrievalQuality RetrievalQuality { get; }

    /// <summary>Evaluates <see cref="PassageReuse.Independent"/>, and precomputes the KV states that it reuses.</summary>
    public IndependentPassages IndependentPassages { get; }

    /// <summary>The corpus, for benchmarks that measure its parts.</summary>
    internal CorpusAccess Corpus { get; }

    /// <summary>Connects and loads all parts now. Without this call, the first question waits for that.</summary>
    /// <param name="progress">Receives the progress; may be called from any thread. <see langword="null"/>: no reports.</param>
    /// <param name="cancellationToken">Cancels. Parts that are loaded already stay loaded.</param>
    /// <returns>A task that ends when everything is loaded.</returns>
    /// <exception cref="RedisInferException">A part cannot be loaded. The next use tries again.</exception>
    public Task WarmUpAsync(IProgress<WarmUpProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _parts.WarmUpAsync(progress, cancellationToken).ForHost();

    /// <summary>Reads the current status. Cheap; may be called at any time and from any thread.</summary>
    /// <returns>The status.</returns>
    public RagStatus GetStatus() => _parts.GetStatus();

    /// <summary>
    /// Looks whether questions can be answered: Redis answers, the corpus fits the models, the models are loaded or their files can be read.
    /// Then, whether Redis keeps documents when it is full, and the queue has room. Loads no model, and takes at most some seconds.
    /// </summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was found. An outage is a finding, not an exception.</returns>
    public Task<RagHealth> CheckHealthAsync(CancellationToken cancellationToken = default) => _health.CheckAsync(cancellationToken).ForHost();

    /// <summary>
    /// Refuses new requests, lets running requests continue for at most <see cref="CapacityOptions.ShutdownTimeout"/>, and then frees the
    /// decode loop, the context, the models and the connection. Does not dispose of parts that came from <see cref="RagComponents"/>.
    /// </summary>
    /// <returns>A task that ends when everything is freed.</returns>
    public ValueTask DisposeAsync() => new(_parts.DisposeAsync().AsTask().ForHost());

    private static RuntimeComponents Resolve(RedisInferOptions options, RagComponents components)
    {
        ILoggerFactory loggers = components.LoggerFactory ?? NullLoggerFactory.Instance;
        return new RuntimeComponents(
            components.InferenceEngine
                ?? new LlamaEngine(new LlamaOptions { NativeLibraryDirectory = options.Engine.NativeLibraryDirectory }, loggers),
            components.Connection ?? new RedisConnectionSource(options.Redis!, loggers.CreateLogger<RedisConnectionSource>()),
            OwnsConnection: components.Connection is null,
            components.EmbeddingGenerator,
            components.Reranker is { } reranker ? new HostReranker(reranker) : null,
            components.ContextLoader ?? new AdaptiveContextLoader(),
            loggers,
            components.MeterFactory,
            components.TimeProvider ?? TimeProvider.System,
            components.Key);
    }

    private static void ThrowIfInvalid(RedisInferOptions options, RagComponents components)
    {
        List<string> problems = [.. options.Validate()];
        if (components.Connection is null && string.IsNullOrWhiteSpace(options.Redis))
        {
            problems.Add("Redis is empty: set it to a server such as localhost:6379, supply a connection, or call UseEmbeddedGarnet().");
        }

        if (problems.Count > 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions, "RedisInferOptions: " + string.Join(" ", problems));
        }
    }
}
