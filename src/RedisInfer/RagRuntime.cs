using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Chunking;
using RedisInfer.Context;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Loading;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;
using StackExchange.Redis;

namespace RedisInfer;

/// <summary>
/// One model and one corpus, ready to index and to answer. Holds the model, the decode loop and the connection; loads each on
/// first use, or all at once by <see cref="WarmUpAsync"/>. What failed to load is tried again at the next use. Thread-safe.
/// </summary>
public sealed partial class RagRuntime : IAsyncDisposable
{
    private readonly RedisInferOptions _options;
    private readonly IInferenceEngine _engine;
    private readonly IRedisConnectionSource _connection;
    private readonly bool _ownsConnection;
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _givenEmbedding;
    private readonly ILoggerFactory _loggerFactory;
    private readonly IMeterFactory? _meterFactory;
    private readonly IContextLoader _contextLoader;
    private readonly TimeProvider _time;
    private readonly Once<MemoryBudget> _memory;
    private readonly Once<IInferenceModel> _model;
    private readonly Once<IInferenceModel> _embeddingModel;
    private readonly Once<TextEmbedder> _embedder;
    private readonly Once<CorpusStore> _store;
    private readonly Once<AnswerEngine> _answers;
    private readonly PassageEvaluator _evaluator;
    private readonly PassagePreparer _preparer;
    private IProgress<WarmUpProgress>? _progress;
    private volatile CorpusStore? _checkedStore;
    private int _disposed;

    /// <summary>Creates a runtime; nothing is loaded yet.</summary>
    /// <param name="options">The options; later changes to them have no effect on what is loaded by then.</param>
    /// <param name="components">Parts in place of the defaults.</param>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.InvalidOptions"/>: all problems in one message.</exception>
    public RagRuntime(RedisInferOptions options, RagComponents? components = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        components ??= new RagComponents();
        ThrowIfInvalid(options, components);
        _options = options;
        _loggerFactory = components.LoggerFactory ?? NullLoggerFactory.Instance;
        _meterFactory = components.MeterFactory;
        _contextLoader = components.ContextLoader ?? new AdaptiveContextLoader();
        _time = components.TimeProvider ?? TimeProvider.System;
        _engine = components.InferenceEngine
            ?? new LlamaEngine(new LlamaOptions { NativeLibraryDirectory = options.NativeLibraryDirectory }, _loggerFactory);
        _ownsConnection = components.Connection is null;
        _connection = components.Connection ?? new RedisConnectionSource(options.Redis!, _loggerFactory.CreateLogger<RedisConnectionSource>());
        _givenEmbedding = components.EmbeddingGenerator;
        _memory = new Once<MemoryBudget>(PlanMemoryAsync);
        _model = new Once<IInferenceModel>(LoadModelAsync);
        _embeddingModel = new Once<IInferenceModel>(LoadEmbeddingModelAsync);
        _embedder = new Once<TextEmbedder>(MakeEmbedderAsync);
        _store = new Once<CorpusStore>(OpenStoreAsync);
        _answers = new Once<AnswerEngine>(StartAnswersAsync);
        IChunker chunker = components.Chunker ?? new ParagraphChunker(options.Chunking);
        var finder = new PassageFinder(this, options, components.Reranker, _time);
        _evaluator = new PassageEvaluator(this, finder, options);
        _preparer = new PassagePreparer(this, options);
        Generator = new RagGenerator(this, finder, options, _time);
        Index = new RagIndex(this, finder, chunker, _time, _loggerFactory.CreateLogger<RagIndex>());
    }

    /// <summary>Answers questions.</summary>
    public IRagGenerator Generator { get; }

    /// <summary>Holds the documents.</summary>
    public IRagIndex Index { get; }

    /// <summary>Connects and loads everything now, in place of at the first question.</summary>
    /// <param name="progress">Reports how far it has come; may be called from any thread.</param>
    /// <param name="cancellationToken">Stops; what was loaded so far stays.</param>
    /// <returns>A task that ends when a question can be answered at once.</returns>
    /// <exception cref="RedisInferException">Something cannot be loaded.</exception>
    public async Task WarmUpAsync(IProgress<WarmUpProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Volatile.Write(ref _progress, progress);
        await GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await GetAnswersAsync(cancellationToken).ConfigureAwait(false);
        await GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        Report(WarmUpStage.Ready, 1);
    }

    /// <summary>
    /// Measures on the host's own documents and model what it would cost in answers to compute each passage without the others, so that its
    /// attention states serve wherever it stands: what <see cref="PassageReuse.Independent"/> does. Prompts, retrieval and length of answers are
    /// those of the options; tokens are chosen greedily. It takes its turns in the queue, and stores nothing; without others it is sooner done.
    /// </summary>
    /// <param name="questions">The questions, as users would ask them.</param>
    /// <param name="settings">What to compare with prompts computed as they stand. Null: a choice of settings.</param>
    /// <param name="progress">Gets the number of questions done; called from another thread.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentException">A question is empty, or a setting is below 0.</exception>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync"/>.</exception>
    public Task<PassageEvaluation> EvaluatePassagesAsync(
        IReadOnlyList<string> questions,
        IReadOnlyList<PassageSetting>? settings = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        settings ??= PassageEvaluator.DefaultSettings;
        if (settings.FirstOrDefault(setting => setting.RecomputedTokens < 0) is { } wrong)
        {
            throw new ArgumentException($"RecomputedTokens is {wrong.RecomputedTokens}: give 0 or more.", nameof(settings));
        }

        foreach (string question in questions)
        {
            PassageFinder.ThrowIfInvalid(new RagRequest(question));
        }

        return _evaluator.RunAsync(questions, settings, progress, cancellationToken);
    }

    /// <summary>
    /// Computes the attention states of all indexed passages that are not stored, each behind the prompt's fixed beginning alone, so that where
    /// passages are <see cref="PassageReuse.Independent"/> even the first question over one need not compute it. To be called after indexing;
    /// takes its turns in the queue. What finds no room in Redis, or leaves it later, is computed by the question that needs it.
    /// </summary>
    /// <param name="progress">Gets the number of passages done; called from another thread.</param>
    /// <param name="cancellationToken">Stops; what was computed stays.</param>
    /// <returns>How many passages had to be computed.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.InvalidOptions"/>: states are not kept in Redis; or as for <see cref="IRagGenerator.GenerateAsync"/>.
    /// </exception>
    public Task<int> PreparePassagesAsync(IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        _preparer.RunAsync(progress, cancellationToken);

    /// <summary>Reads how the runtime stands; cheap, at any time, from any thread.</summary>
    /// <returns>The status.</returns>
    public RagStatus GetStatus() => new(_answers.Value?.Loop.Metrics.Read(), _memory.Value?.Arithmetic());

    /// <summary>
    /// Refuses new requests, lets those there are run on until <see cref="RedisInferOptions.ShutdownTimeout"/>, and frees everything: loop,
    /// context, models, connection.
    /// </summary>
    /// <returns>A task that ends when all is freed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Top down: what uses a part goes before the part.
        if (await _answers.CloseAsync().ConfigureAwait(false) is { } answers)
        {
            await answers.DisposeAsync().ConfigureAwait(false);
        }

        if (await _embedder.CloseAsync().ConfigureAwait(false) is { } embedder && _givenEmbedding is null)
        {
            embedder.Dispose();
        }

        await _store.CloseAsync().ConfigureAwait(false);
        (await _embeddingModel.CloseAsync().ConfigureAwait(false))?.Dispose();
        (await _model.CloseAsync().ConfigureAwait(false))?.Dispose();
        if (_ownsConnection)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal ValueTask<IInferenceModel> GetModelAsync(CancellationToken cancellationToken) => Get(_model, cancellationToken);

    internal ValueTask<TextEmbedder> GetEmbedderAsync(CancellationToken cancellationToken) => Get(_embedder, cancellationToken);

    internal ValueTask<CorpusStore> GetStoreAsync(CancellationToken cancellationToken) => Get(_store, cancellationToken);

    /// <summary>
    /// The store, once it is certain that it was not made with another embedding or tokenizer. Asked once: should another process
    /// make the corpus anew later, the store notices.
    /// </summary>
    internal async ValueTask<CorpusStore> GetCheckedStoreAsync(CancellationToken cancellationToken)
    {
        if (_checkedStore is { } known)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return known;
        }

        IInferenceModel model = await GetModelAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await GetStoreAsync(cancellationToken).ConfigureAwait(false);
        var identity = new IndexIdentity(embedder.Identity, embedder.Dimensions, model.Tokenizer.Fingerprint);
        await store.CheckIdentityAsync(identity, cancellationToken).ConfigureAwait(false);
        return _checkedStore = store;
    }

    internal ValueTask<AnswerEngine> GetAnswersAsync(CancellationToken cancellationToken) => Get(_answers, cancellationToken);

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

    private ValueTask<T> Get<T>(Once<T> part, CancellationToken cancellationToken)
        where T : class
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return part.GetAsync(cancellationToken);
    }

    private void Report(WarmUpStage stage, float share) =>
        Volatile.Read(ref _progress)?.Report(new WarmUpProgress(stage, share));

    private async Task<IInferenceModel> LoadModelAsync(CancellationToken cancellationToken)
    {
        await _memory.GetAsync(cancellationToken).ConfigureAwait(false); // before anything large is loaded
        return await LoadAsync(_options.ModelPath, WarmUpStage.LoadingModel, cancellationToken).ConfigureAwait(false);
    }

    private Task<IInferenceModel> LoadEmbeddingModelAsync(CancellationToken cancellationToken) =>
        LoadAsync(_options.EmbeddingModelPath!, WarmUpStage.LoadingEmbeddingModel, cancellationToken);

    private Task<IInferenceModel> LoadAsync(string path, WarmUpStage stage, CancellationToken cancellationToken)
    {
        Report(stage, 0);
        return _engine.LoadModelAsync(
            new ModelOptions { Path = path, GpuLayers = _options.GpuLayers },
            new DelegateProgress<float>(share => Report(stage, share)),
            cancellationToken);
    }

    private async Task<TextEmbedder> MakeEmbedderAsync(CancellationToken cancellationToken)
    {
        if (_givenEmbedding is not null)
        {
            EmbeddingPrefixes given = new(_options.EmbeddingQueryPrefix ?? "", _options.EmbeddingDocumentPrefix ?? "");
            return await TextEmbedder.CreateAsync(_givenEmbedding, given, cancellationToken).ConfigureAwait(false);
        }

        if (_options.EmbeddingModelPath is null)
        {
            return TextEmbedder.None;
        }

        IInferenceModel model = await _embeddingModel.GetAsync(cancellationToken).ConfigureAwait(false);
        EmbeddingPrefixes own = EmbeddingPrefixes.Of(model.Info.Name, _options.EmbeddingModelPath);
        var generator = new LlamaEmbeddingGenerator(model, _options.Threads, _loggerFactory.CreateLogger<LlamaEmbeddingGenerator>());
        return await TextEmbedder.CreateAsync(
            generator,
            new EmbeddingPrefixes(_options.EmbeddingQueryPrefix ?? own.Query, _options.EmbeddingDocumentPrefix ?? own.Document),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<CorpusStore> OpenStoreAsync(CancellationToken cancellationToken)
    {
        Report(WarmUpStage.Connecting, 0);
        IConnectionMultiplexer connection = await _connection.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await CorpusStore.OpenAsync(
            connection,
            _options.Corpus,
            _contextLoader,
            _options.VectorSearchMemoryBytes,
            _loggerFactory.CreateLogger<CorpusStore>(),
            _time,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<AnswerEngine> StartAnswersAsync(CancellationToken cancellationToken)
    {
        IInferenceModel model = await _model.GetAsync(cancellationToken).ConfigureAwait(false);
        MemoryBudget budget = await _memory.GetAsync(cancellationToken).ConfigureAwait(false);
        var metrics = new SchedulerMetrics(_meterFactory, model.Info.Name, _time);
        try
        {
            return await AnswerEngine.StartAsync(
                model, _options, budget, size => OpenKvStore(size, metrics.Meter), metrics, _loggerFactory.CreateLogger<DecodeLoop>(), _time).ConfigureAwait(false);
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    private KvBlockStore OpenKvStore(KvBlockSize size, Meter meter) => new(
        _connection,
        _options.Corpus,
        size,
        _contextLoader,
        _options.KvCache,
        meter,
        _loggerFactory.CreateLogger<KvBlockStore>(),
        _time);

    private async Task<MemoryBudget> PlanMemoryAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ServerMemory> servers = await ServerMemory.ReadAsync(_connection, cancellationToken).ConfigureAwait(false);
        ILogger logger = _loggerFactory.CreateLogger<RagRuntime>();
        foreach (ServerMemory server in servers.Where(server => server.EvictsDocuments))
        {
            LogEvictsDocuments(logger, server.EndPoint, server.EvictionPolicy);
        }

        long store = _connection.InProcessMemoryBytes ?? servers.Where(server => server.IsLocal).Sum(server => server.Bytes);
        var context = new ContextOptions
        {
            ContextSize = _options.ContextSize,
            BatchSize = _options.BatchSize,
            KvType = _options.KvType,
            FlashAttention = _options.FlashAttention,
        };
        MemoryEstimate model = Estimate(_options.ModelPath, context);
        List<MemoryNeed> needs =
        [
            new("model", model.WeightBytes),
            new("embedding model", _options.EmbeddingModelPath is { } path ? Estimate(path, context with { Embeddings = true }).WeightBytes : 0),
            new("Redis on this machine", store),
            new("reserve", _options.MemoryReserveBytes),
        ];
        MemoryBudget budget = MemoryBudget.Fit(
            _options.MemoryLimitBytes > 0 ? _options.MemoryLimitBytes : HostMemory.ReadLimit(),
            needs,
            _options.ContextSize,
            _options.MaxConcurrentRequests,
            cells => cells == context.ContextSize ? model : Estimate(_options.ModelPath, context with { ContextSize = cells }),
            _options.OverBudget);
        LogMemory(logger, budget.Arithmetic());
        return budget;
    }

    private MemoryEstimate Estimate(string path, ContextOptions context) =>
        _engine.EstimateMemory(new ModelOptions { Path = path, GpuLayers = _options.GpuLayers }, context);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Server} has maxmemory-policy {Policy}: when its memory is full it throws away documents. Set volatile-lru, which takes "
            + "attention states alone.")]
    private static partial void LogEvictsDocuments(ILogger logger, string server, string policy);

    [LoggerMessage(Level = LogLevel.Information, Message = "Memory: {Arithmetic}.")]
    private static partial void LogMemory(ILogger logger, string arithmetic);

    /// <summary>Unlike <see cref="Progress{T}"/>, reports at once and in order.</summary>
    private sealed class DelegateProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
