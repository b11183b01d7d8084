using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RedisInfer.Answering;
using RedisInfer.Answering.Caching;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InFolder;
using RedisInfer.KvBlocks.InRedis;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;
using StackExchange.Redis;

namespace RedisInfer.Hosting;

/// <summary>
/// Creates each part of a runtime at its first use, and frees all parts in order. If a part fails to load, or fails for good later, its
/// next use tries again. Thread-safe.
/// </summary>
internal sealed class RuntimeParts : IAsyncDisposable
{
    private readonly RedisInferOptions _options;
    private readonly RuntimeComponents _components;
    private readonly RetryingLazy<MemoryBudget> _memory;
    private readonly RetryingLazy<IInferenceModel> _model;
    private readonly RetryingLazy<ITokenizer> _tokenizer;
    private readonly RetryingLazy<IInferenceModel> _embeddingModel;
    private readonly RetryingLazy<TextEmbedder> _embedder;
    private readonly RetryingLazy<IInferenceModel> _rerankModel;
    private readonly RetryingLazy<ModelReranker> _reranker;
    private readonly RetryingLazy<CorpusStore> _store;
    private readonly RetryingLazy<SchedulerMetrics> _metrics;
    private readonly RetryingLazy<AnswerPipeline> _pipeline;
    private IProgress<WarmUpProgress>? _progress;
    private LoadedTokenizer? _vocabulary;
    private int _disposed;

    /// <summary>Creates an instance. Loads nothing yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="components">The parts that exist already.</param>
    public RuntimeParts(RedisInferOptions options, RuntimeComponents components)
    {
        _options = options;
        _components = components;
        var memoryPlan = new MemoryPlan(components.Engine, components.Connection, GetStoreAsync, options, components.Loggers.CreateLogger<MemoryPlan>());
        _memory = new RetryingLazy<MemoryBudget>(memoryPlan.MakeAsync);
        _model = new RetryingLazy<IInferenceModel>(LoadModelAsync);
        _tokenizer = new RetryingLazy<ITokenizer>(LoadTokenizerAsync);
        _embeddingModel = new RetryingLazy<IInferenceModel>(LoadEmbeddingModelAsync);
        _embedder = new RetryingLazy<TextEmbedder>(CreateEmbedderAsync);
        _rerankModel = new RetryingLazy<IInferenceModel>(LoadRerankModelAsync);
        _reranker = new RetryingLazy<ModelReranker>(CreateRerankerAsync);
        _store = new RetryingLazy<CorpusStore>(OpenStoreAsync);
        _metrics = new RetryingLazy<SchedulerMetrics>(CreateMetricsAsync);
        _pipeline = new RetryingLazy<AnswerPipeline>(StartPipelineAsync, pipeline => pipeline.Loop.HasFailed);
    }

    /// <summary>The model that generates answers.</summary>
    public ValueTask<IInferenceModel> GetModelAsync(CancellationToken cancellationToken) => Get(_model, cancellationToken);

    /// <summary>The tokenizer of the model that generates answers. Loads no weights if the engine can do without.</summary>
    public ValueTask<ITokenizer> GetTokenizerAsync(CancellationToken cancellationToken) =>
        _model.Value is { } model ? ValueTask.FromResult(model.Tokenizer) : Get(_tokenizer, cancellationToken);

    /// <summary>The embedding.</summary>
    public ValueTask<TextEmbedder> GetEmbedderAsync(CancellationToken cancellationToken) => Get(_embedder, cancellationToken);

    /// <summary>The tokenizer, if it is loaded.</summary>
    public ITokenizer? LoadedTokenizer => _model.Value?.Tokenizer ?? _tokenizer.Value;

    /// <summary>The embedding, if it is loaded.</summary>
    public TextEmbedder? LoadedEmbedder => _embedder.Value;

    /// <summary>Whether passages are ranked again.</summary>
    public bool HasReranker => _components.Reranker is not null || _options.RerankModelPath is not null;

    /// <summary>The re-ranker. There must be one.</summary>
    public async ValueTask<IReranker> GetRerankerAsync(CancellationToken cancellationToken) =>
        _components.Reranker ?? await Get(_reranker, cancellationToken).ConfigureAwait(false);

    /// <summary>The store of the documents.</summary>
    public ValueTask<CorpusStore> GetStoreAsync(CancellationToken cancellationToken) => Get(_store, cancellationToken);

    /// <summary>The answer pipeline.</summary>
    public ValueTask<AnswerPipeline> GetPipelineAsync(CancellationToken cancellationToken) => Get(_pipeline, cancellationToken);

    /// <summary>Creates all parts now.</summary>
    /// <param name="progress">Receives the progress; may be called from any thread.</param>
    /// <param name="cancellationToken">Cancels. Parts that are created already stay.</param>
    public async Task WarmUpAsync(IProgress<WarmUpProgress>? progress, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _progress, progress);
        await GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await GetPipelineAsync(cancellationToken).ConfigureAwait(false);
        await GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        if (HasReranker)
            await GetRerankerAsync(cancellationToken).ConfigureAwait(false);
        Report(WarmUpStage.Ready, 1);
    }

    /// <summary>Reads the status of the parts created so far.</summary>
    public RagStatus GetStatus() =>
        (_pipeline.Value?.Loop.Metrics.Read() ?? new RagStatus()) with
        {
            Memory = _memory.Value?.Arithmetic(),
            SearchBytes = _store.Value?.HeldBytes ?? 0,
        };

    /// <summary>Frees everything, even if a part fails to end. Users of a part are freed before the part.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // The end of this method frees the parts, the last one first, and the others even if one fails.
        await using IAsyncDisposable? connection = _components.OwnsConnection ? _components.Connection : null;
        await _tokenizer.CloseAsync().ConfigureAwait(false);
        using LoadedTokenizer? vocabulary = _vocabulary;
        using IInferenceModel? model = await _model.CloseAsync().ConfigureAwait(false);
        using IInferenceModel? embeddingModel = await _embeddingModel.CloseAsync().ConfigureAwait(false);
        using IInferenceModel? rerankModel = await _rerankModel.CloseAsync().ConfigureAwait(false);
        await _store.CloseAsync().ConfigureAwait(false);
        using ModelReranker? reranker = await _reranker.CloseAsync().ConfigureAwait(false);
        TextEmbedder? embedder = await _embedder.CloseAsync().ConfigureAwait(false);
        using TextEmbedder? own = _components.EmbeddingGenerator is null ? embedder : null;
        using SchedulerMetrics? metrics = await _metrics.CloseAsync().ConfigureAwait(false);
        await using AnswerPipeline? pipeline = await _pipeline.CloseAsync().ConfigureAwait(false);
    }

    private ValueTask<T> Get<T>(RetryingLazy<T> part, CancellationToken cancellationToken)
        where T : class
    {
        // The exception names the public type that the host disposed of.
        return _disposed == 0 ? part.GetAsync(cancellationToken) : throw new ObjectDisposedException("RagRuntime");
    }

    private void Report(WarmUpStage stage, float share) =>
        Volatile.Read(ref _progress)?.Report(new WarmUpProgress(stage, share));

    private async Task<IInferenceModel> LoadModelAsync(CancellationToken cancellationToken)
    {
        // Check the memory budget before anything large is loaded.
        await _memory.GetAsync(cancellationToken).ConfigureAwait(false);
        IInferenceModel model = await LoadAsync(_options.ModelPath, WarmUpStage.LoadingModel, cancellationToken).ConfigureAwait(false);
        try
        {
            if (model.Info.CanGenerate)
                CheckTemplate(ConversationRenderer.Of(model), model.Tokenizer);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private async Task<ITokenizer> LoadTokenizerAsync(CancellationToken cancellationToken)
    {
        var options = new ModelOptions { Path = _options.ModelPath, GpuLayers = _options.Engine.GpuLayers };
        LoadedTokenizer? vocabulary = await _components.Engine.LoadTokenizerAsync(options, cancellationToken).ConfigureAwait(false);
        if (vocabulary is null)
            return (await GetModelAsync(cancellationToken).ConfigureAwait(false)).Tokenizer;

        try
        {
            if (vocabulary.ChatFormat is { } format)
                CheckTemplate(ConversationRenderer.Of(format), vocabulary.Tokenizer);
        }
        catch
        {
            vocabulary.Dispose();
            throw;
        }

        _vocabulary = vocabulary;
        return vocabulary.Tokenizer;
    }

    /// <summary>Before anything is indexed for it: a model whose chat template fails cannot answer.</summary>
    private void CheckTemplate(ConversationRenderer renderer, ITokenizer tokenizer) => PromptTemplate.Create(
        renderer,
        tokenizer,
        _options.SystemPrompt,
        _options.Engine.EnableThinking,
        DateOnly.FromDateTime(_components.Time.GetLocalNow().DateTime));

    private Task<IInferenceModel> LoadEmbeddingModelAsync(CancellationToken cancellationToken) =>
        LoadAsync(_options.EmbeddingModelPath!, WarmUpStage.LoadingEmbeddingModel, cancellationToken);

    private Task<IInferenceModel> LoadRerankModelAsync(CancellationToken cancellationToken) =>
        LoadAsync(_options.RerankModelPath!, WarmUpStage.LoadingRerankModel, cancellationToken);

    private Task<IInferenceModel> LoadAsync(string path, WarmUpStage stage, CancellationToken cancellationToken)
    {
        Report(stage, 0);
        return _components.Engine.LoadModelAsync(
            new ModelOptions { Path = path, GpuLayers = _options.Engine.GpuLayers },
            new DelegateProgress<float>(share => Report(stage, share)),
            cancellationToken);
    }

    private async Task<TextEmbedder> CreateEmbedderAsync(CancellationToken cancellationToken)
    {
        (string? query, string? document) = (_options.Retrieval.QueryPrefix, _options.Retrieval.DocumentPrefix);
        if (_components.EmbeddingGenerator is { } given)
        {
            return await TextEmbedder.CreateAsync(given, new EmbeddingPrefixes(query ?? "", document ?? ""), cancellationToken)
                .ConfigureAwait(false);
        }

        if (_options.EmbeddingModelPath is null)
        {
            return TextEmbedder.None;
        }

        IInferenceModel model = await _embeddingModel.GetAsync(cancellationToken).ConfigureAwait(false);
        EmbeddingPrefixes own = EmbeddingPrefixes.Of(model.Info.Name, _options.EmbeddingModelPath);
        return await TextEmbedder.CreateAsync(
            new ModelEmbeddingGenerator(
                model,
                _options.Engine.Threads,
                _options.Engine.PinThreads,
                _components.Loggers.CreateLogger<ModelEmbeddingGenerator>()),
            new EmbeddingPrefixes(query ?? own.Query, document ?? own.Document),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<ModelReranker> CreateRerankerAsync(CancellationToken cancellationToken) => new(
        await _rerankModel.GetAsync(cancellationToken).ConfigureAwait(false),
        _options.Engine.Threads,
        _options.Engine.PinThreads,
        _components.Loggers.CreateLogger<ModelReranker>());

    private async Task<CorpusStore> OpenStoreAsync(CancellationToken cancellationToken)
    {
        Report(WarmUpStage.Connecting, 0);
        IConnectionMultiplexer connection = await _components.Connection.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await CorpusStore.OpenAsync(
            connection,
            _options.Corpus,
            _components.ContextLoader,
            new SearchMemory(_options.Retrieval.VectorMemoryBytes, _options.Memory.SearchBytes),
            _components.Loggers.CreateLogger<CorpusStore>(),
            _components.Time,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<SchedulerMetrics> CreateMetricsAsync(CancellationToken cancellationToken)
    {
        IInferenceModel model = await _model.GetAsync(cancellationToken).ConfigureAwait(false);
        return new SchedulerMetrics(_components.Meters, model.Info, _components.Time, _components.Key);
    }

    private async Task<AnswerPipeline> StartPipelineAsync(CancellationToken cancellationToken)
    {
        IInferenceModel model = await _model.GetAsync(cancellationToken).ConfigureAwait(false);
        MemoryBudget budget = await _memory.GetAsync(cancellationToken).ConfigureAwait(false);
        SchedulerMetrics metrics = await _metrics.GetAsync(cancellationToken).ConfigureAwait(false);
        return await AnswerPipeline.StartAsync(
            model,
            _options,
            budget,
            size => OpenKvBlocks(size, metrics.Meter),
            _options.AnswerCache.Enabled ? OpenAnswers(model.Info.VocabularySize) : null,
            metrics,
            _components.Loggers.CreateLogger<DecodeLoop>(),
            _components.Time).ConfigureAwait(false);
    }

    private RedisAnswerStore OpenAnswers(int vocabularySize) => new(
        _components.Connection,
        new CorpusKeys(_options.Corpus),
        _options.AnswerCache.TimeToLive,
        vocabularySize,
        _components.Loggers.CreateLogger<RedisAnswerStore>(),
        _components.Time);

    /// <summary>Opens the stores of KV blocks, nearest first.</summary>
    private List<IKvBlockStore> OpenKvBlocks(KvBlockSize size, Meter meter)
    {
        KvCacheOptions cache = _options.KvCache;
        var stores = new List<IKvBlockStore>();
        if (cache is { Reuse: KvReuse.Shared or KvReuse.Local, Directory: not null, DirectoryBytes: > 0 })
        {
            stores.Add(new FolderKvBlockStore(cache, size, meter, _components.Loggers.CreateLogger<FolderKvBlockStore>(), _components.Time));
        }

        if (cache.Reuse == KvReuse.Shared)
        {
            stores.Add(OpenRedisKvBlocks(size, meter));
        }

        return stores;
    }

    private RedisKvBlockStore OpenRedisKvBlocks(KvBlockSize size, Meter meter) => new(
        _components.Connection,
        _options.Corpus,
        size,
        _components.ContextLoader,
        _options.KvCache,
        meter,
        _components.Loggers.CreateLogger<RedisKvBlockStore>(),
        _components.Time);

    /// <summary>Unlike <see cref="Progress{T}"/>, reports at once and in order.</summary>
    private sealed class DelegateProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
