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
    private const string PreparingCaller = "RedisInfer prepares passages";

    private readonly KvCacheOptions _cache;
    private readonly ReusePlanner _planner;
    private readonly int _contextSize;
    private readonly KvBlockStore? _store;

    private AnswerEngine(
        PromptBuilder prompts, DecodeLoop loop, KvCacheOptions cache, ReusePlanner planner, int contextSize, KvBlockStore? store)
    {
        Prompts = prompts;
        Loop = loop;
        _cache = cache;
        _planner = planner;
        _contextSize = contextSize;
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
            FlashAttention = options.FlashAttention,
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

        var identity = new KvIdentity(Encoding.UTF8.GetBytes(cache.Secret ?? ""), model.GetStateFingerprint(context), cache.Tenant);

        // A question should not wait for it; without a server there is nothing to reuse, and that is no error.
        Task warm = store?.WarmUpAsync(identity, CancellationToken.None) ?? Task.CompletedTask;
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

        await warm.ConfigureAwait(false);
        return new AnswerEngine(prompts, loop, cache, new ReusePlanner(identity, size.MaxTokens), budget.ContextSize, store);
    }

    /// <summary>Says of a request which attention states may be used again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompt">Its prompt.</param>
    /// <param name="passages">When the state of a passage counts as the one that the prompt needs.</param>
    public GenerationRequest Reuse(GenerationRequest request, Prompt prompt, PassageReuse passages)
    {
        if (_cache.Reuse == KvReuse.Off)
        {
            return request;
        }

        var setting = new PassageSetting(AfterHead: true, _cache.RecomputedTokens);
        if (passages == PassageReuse.Independent && _planner.Plan(prompt, setting) is { } plan && HasRoom(request, plan))
        {
            return request with { Chain = _planner.Independent(prompt, setting), Passages = plan };
        }

        return request with { Chain = _planner.Exact(prompt) };
    }

    /// <summary>Answers a prompt greedily, and keeps nothing in the store.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="setting">How its passages are computed without each other; null: it is computed as it stands.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<TrialAnswer> TryAsync(Prompt prompt, PassageSetting? setting, int maxOutputTokens, CancellationToken cancellationToken)
    {
        PassagePlan? plan = setting is null ? null : _planner.Plan(prompt, setting);
        plan = plan is null ? null : plan with { Parts = [.. plan.Parts.Select(part => part with { Chain = part.Chain.InContextOnly() })] };
        var request = new GenerationRequest(prompt.Tokens, maxOutputTokens, new SamplingOptions { Temperature = 0 }, [])
        {
            Chain = _planner.Head(prompt).InContextOnly(),
            Passages = plan,
            CaptureOutput = true,
        };
        if (plan is not null && !HasRoom(request, plan))
        {
            throw new RedisInferException(
                RedisInferErrorCode.ContextTooLong,
                $"A prompt of {prompt.Tokens.Length} tokens, an answer of {maxOutputTokens} and a passage of {plan.AsideCells} are more than the "
                + $"{_contextSize} tokens of the context. Raise ContextSize, or lower MaxOutputTokens.");
        }

        (string text, GenerationResult result) = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (plan is not null && result.Reuse.IndependentTokens == 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                "The model's attention states could not be moved to other positions; the log says why. Evaluate another model.");
        }

        return new TrialAnswer(result.Output!, text, (double)result.Reuse.IndependentTokens / prompt.Tokens.Length);
    }

    /// <summary>Computes the state that a passage has behind the prompt's beginning alone, unless it is stored.</summary>
    /// <param name="text">The tokens of the passage, with the separator that follows it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it had to be computed.</returns>
    public async Task<bool> PrepareAsync(ReadOnlyMemory<int> text, CancellationToken cancellationToken)
    {
        int[] tokens = [.. Prompts.Head.Span, .. text.Span];
        KvChain chain = _planner.Passage(Prompts.Head.Span, text.Span);
        if (tokens.Length > _contextSize
            || await _store!.CountStoredAsync(chain, 0, cancellationToken).ConfigureAwait(false) == chain.Blocks.Count)
        {
            return false;
        }

        var request = new GenerationRequest(tokens, MaxOutputTokens: 0, new SamplingOptions(), [], PreparingCaller) { Chain = chain };
        (_, GenerationResult result) = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        return result.Reuse.Tokens < tokens.Length;
    }

    private bool HasRoom(GenerationRequest request, PassagePlan plan) =>
        request.Prompt.Length + request.MaxOutputTokens + plan.AsideCells <= _contextSize;

    private async Task<(string Text, GenerationResult Result)> RunAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        using QueuePlace place = await Loop.EnterAsync(request.Caller, request.Priority, cancellationToken).ConfigureAwait(false);
        GenerationStream stream = Loop.Submit(request, place, cancellationToken);
        var text = new StringBuilder();
        await foreach (string piece in stream.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            text.Append(piece);
        }

        return (text.ToString(), await stream.Result.ConfigureAwait(false));
    }

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
