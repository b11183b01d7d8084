using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Context;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Scheduling;

namespace RedisInfer;

/// <summary>What belongs to the model that answers: its prompt, its decode loop, and the attention states that are kept of it.</summary>
internal sealed class AnswerEngine : IAsyncDisposable
{
    private readonly KvIdentity? _identity;
    private readonly int _maxBlockTokens;
    private readonly KvBlockStore? _store;

    private AnswerEngine(PromptBuilder prompts, DecodeLoop loop, KvIdentity? identity, int maxBlockTokens, KvBlockStore? store)
    {
        Prompts = prompts;
        Loop = loop;
        _identity = identity;
        _maxBlockTokens = maxBlockTokens;
        _store = store;
    }

    public PromptBuilder Prompts { get; }

    public DecodeLoop Loop { get; }

    /// <summary>Starts the loop.</summary>
    /// <param name="model">The model that answers.</param>
    /// <param name="options">The host's options.</param>
    /// <param name="budget">What of them fits into memory.</param>
    /// <param name="openStore">Opens the store of attention states; called where they are to be stored.</param>
    /// <param name="metrics">What the loop counts; disposed of with the result.</param>
    /// <param name="logger">Gets what goes wrong.</param>
    /// <param name="time">The clock.</param>
    public static async Task<AnswerEngine> StartAsync(
        IInferenceModel model,
        RedisInferOptions options,
        MemoryBudget budget,
        Func<KvBlockSize, KvBlockStore> openStore,
        SchedulerMetrics metrics,
        ILogger logger,
        TimeProvider time)
    {
        if (!model.Info.CanGenerate)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"'{model.Info.Path}' ({model.Info.Architecture}) is an embedding model and cannot generate text. "
                + "Give a text model as ModelPath, and this one as EmbeddingModelPath.");
        }

        var prompts = PromptBuilder.Create(model, budget.ContextSize, options.SystemPrompt, options.EnableThinking);
        var context = new ContextOptions
        {
            ContextSize = budget.ContextSize,
            MaxSequences = budget.MaxSequences,
            BatchSize = options.BatchSize,
            Threads = options.Threads,
            PinThreads = options.PinThreads,
            KvType = options.KvType,
        };
        KvCacheOptions cache = options.KvCache;
        KvBlockSize size = KvBlockSize.For(model, context);
        KvBlockStore? store = cache.Reuse == KvReuse.Shared ? openStore(size) : null;
        var loopOptions = new DecodeLoopOptions
        {
            Context = context,
            RetainedPrefixes = cache.Reuse == KvReuse.Off ? 0 : cache.RetainedPrefixes,
            Store = store,
            QueueCapacity = options.QueueCapacity,
            FullQueue = options.FullQueue,
            QueueTimeout = options.QueueTimeout,
            PrefillSliceSize = options.PrefillSliceSize,
            ShutdownTimeout = options.ShutdownTimeout,
        };

        // A question should not wait for it; without a server there is nothing to reuse, and that is no error.
        Task connected = store?.TryConnectAsync(CancellationToken.None) ?? Task.CompletedTask;
        DecodeLoop loop;
        try
        {
            loop = await DecodeLoop.StartAsync(model, loopOptions, metrics, logger, time).ConfigureAwait(false);
        }
        catch when (store is not null)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connected.ConfigureAwait(false);
        KvIdentity? identity = cache.Reuse == KvReuse.Off
            ? null
            : new KvIdentity(Encoding.UTF8.GetBytes(cache.Secret ?? ""), model.GetStateFingerprint(context), cache.Tenant);
        return new AnswerEngine(prompts, loop, identity, size.MaxTokens, store);
    }

    /// <summary>Cuts a prompt into the blocks whose attention states may be used again; null where none are.</summary>
    public KvChain? Chain(Prompt prompt) =>
        _identity is null ? null : KvChain.Cut(_identity, prompt.Tokens, prompt.PartEnds, _maxBlockTokens);

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync().ConfigureAwait(false);
        Loop.Metrics.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }
    }
}
