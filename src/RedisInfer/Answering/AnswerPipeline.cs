using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Answering.Caching;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Prompting;
using RedisInfer.Reuse;
using RedisInfer.Scheduling;

namespace RedisInfer.Answering;

/// <summary>
/// Turns retrieved passages into generated text: builds the prompt, plans which KV states it reuses, and submits it to the decode loop.
/// Thread-safe.
/// </summary>
internal sealed class AnswerPipeline : IAsyncDisposable
{
    private readonly RedisInferOptions _options;
    private readonly AnswerFormats _formats;
    private readonly AnswerCache? _answers;
    private readonly TimeProvider _time;

    private AnswerPipeline(
        RedisInferOptions options,
        AnswerFormats formats,
        PromptBuilder prompts,
        ReusePlanner planner,
        DecodeLoop loop,
        KvTiers stores,
        AnswerCache? answers,
        TimeProvider time)
    {
        _options = options;
        _formats = formats;
        _answers = answers;
        _time = time;
        Prompts = prompts;
        Planner = planner;
        Loop = loop;
        Stores = stores;
    }

    /// <summary>The model that answers.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>Builds prompts for the model.</summary>
    public PromptBuilder Prompts { get; }

    /// <summary>Plans which KV states a prompt reuses.</summary>
    public ReusePlanner Planner { get; }

    /// <summary>Runs completions.</summary>
    public DecodeLoop Loop { get; }

    /// <summary>The stores of KV blocks, nearest first; none if none are stored.</summary>
    public KvTiers Stores { get; }

    /// <summary>Model, settings and tenant, on which KV states depend.</summary>
    public required KvIdentity Identity { get; init; }

    /// <summary>Creates the context and starts the decode loop.</summary>
    /// <param name="model">The model that generates answers.</param>
    /// <param name="options">The host's options.</param>
    /// <param name="budget">The part of the options that fits into memory.</param>
    /// <param name="openStores">Opens the stores of KV blocks, nearest first. Called only if blocks are reused.</param>
    /// <param name="answerStore">Where answers are kept; <see langword="null"/>: they are not.</param>
    /// <param name="metrics">Metrics of the decode loop; not disposed of.</param>
    /// <param name="logger">Logs problems.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="RedisInferException">The model cannot generate, or its context cannot be created.</exception>
    public static async Task<AnswerPipeline> StartAsync(
        IInferenceModel model,
        RedisInferOptions options,
        MemoryBudget budget,
        Func<KvBlockSize, IReadOnlyList<IKvBlockStore>> openStores,
        RedisAnswerStore? answerStore,
        SchedulerMetrics metrics,
        ILogger logger,
        TimeProvider time)
    {
        if (!model.Info.CanGenerate)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"'{model.Info.Path}' ({model.Info.Architecture}) is an embedding model and cannot generate text. "
                + "Set ModelPath to a text model, and EmbeddingModelPath to this one.");
        }

        var context = new ContextOptions
        {
            ContextSize = budget.ContextSize,
            MaxSequences = budget.MaxSequences,
            SeparateSequences = true,
            BatchSize = options.Capacity.BatchSize,
            Threads = options.Engine.Threads,
            PinThreads = options.Engine.PinThreads,
            KvType = options.Engine.KvType,
            FlashAttention = options.Engine.FlashAttention,
        };
        var prompts = PromptBuilder.Create(model, model.GetMaxSequenceLength(context), options.SystemPrompt, options.Engine.EnableThinking, time);
        KvCacheOptions cache = options.KvCache;
        KvBlockSize size = KvBlockSize.For(model, context);
        var identity = new KvIdentity(Encoding.UTF8.GetBytes(cache.Secret ?? ""), model.GetStateFingerprint(context), cache.Tenant);
        var stores = new KvTiers(cache.Reuse == KvReuse.Off ? [] : openStores(size));
        var loopOptions = new DecodeLoopOptions
        {
            Context = context,
            PoolBytes = budget.PoolBytes,
            Stores = stores,
            QueueCapacity = options.Capacity.QueueCapacity,
            FullQueue = options.Capacity.FullQueue,
            QueueTimeout = options.Capacity.QueueTimeout,
            ReaderTimeout = options.Capacity.ReaderTimeout,
            PrefillSliceSize = options.Capacity.PrefillSliceSize,
            DraftTokens = options.Engine.DraftTokens,
            ShutdownTimeout = options.Capacity.ShutdownTimeout,
        };

        DecodeLoop? loop = null;
        try
        {
            // Warm up the store while the context is created. Without a server there is nothing to reuse, which is no error.
            Task warm = stores.WarmUpAsync(identity, CancellationToken.None);
            loop = await DecodeLoop.StartAsync(model, loopOptions, metrics, logger, time).ConfigureAwait(false);
            await warm.ConfigureAwait(false);
            var formats = new AnswerFormats(model, options.Engine.EnableThinking);
            AnswerCache? answers = answerStore is null ? null : new AnswerCache(identity, answerStore, metrics.Meter, time);
            return new AnswerPipeline(options, formats, prompts, new ReusePlanner(identity, size.MaxTokens), loop, stores, answers, time)
            {
                Model = model.Info,
                Identity = identity,
            };
        }
        catch
        {
            await FreeAsync(loop, stores).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a place in the queue: at once, or after a wait if the options allow it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The place; the caller disposes of it.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.QueueFull"/>.</exception>
    public ValueTask<QueuePlace> EnterAsync(RagRequest request, CancellationToken cancellationToken) =>
        Loop.EnterAsync(request.Caller, request.Priority, cancellationToken);

    /// <summary>Starts an answer, or gives one that is known.</summary>
    /// <param name="passages">Retrieved passages, best first. As many as fit go into the prompt.</param>
    /// <param name="request">The question and its settings.</param>
    /// <param name="place">Its place in the queue.</param>
    /// <param name="cancellationToken">Cancels the answer, before and during generation.</param>
    /// <returns>The answer in flight.</returns>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ContextTooLong"/>: question and best passage do not fit, or the shortest answer in the format does not.
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the model's vocabulary cannot write the format.
    /// </exception>
    public async Task<RunningAnswer> StartAsync(
        IReadOnlyList<Passage> passages, RagRequest request, QueuePlace place, CancellationToken cancellationToken)
    {
        PreparedAnswer prepared = Prepare(passages, request, keepsAnswer: request.History is not null);
        if (_answers is null || !AnswerCache.CanKeep(prepared.Completion))
        {
            return Submit(prepared, flight: null, place, cancellationToken);
        }

        (StoredAnswer? known, AnswerFlight? flight) = await _answers.FindAsync(prepared.Completion, prepared.Format, cancellationToken).ConfigureAwait(false);
        if (known is not null)
        {
            return ToRunning(prepared, CompletionStream.Of(known.Thought, known.Text, ToResult(known, prepared, place)), flight: null);
        }

        try
        {
            return Submit(prepared, flight, place, cancellationToken);
        }
        catch when (flight is not null)
        {
            _answers.GiveUp(flight);
            throw;
        }
    }

    /// <summary>Keeps an answer for equal requests.</summary>
    /// <param name="answer">The answer, which has ended.</param>
    /// <param name="thought">Its thought.</param>
    /// <param name="text">Its text.</param>
    /// <param name="result">How it ended.</param>
    public void Keep(RunningAnswer answer, string thought, string text, CompletionResult result)
    {
        if (answer.Flight is { } flight)
        {
            _answers!.Keep(flight, new StoredAnswer
            {
                Thought = thought,
                Text = text,
                Stopped = result.Stopped,
                EndedInThought = result.EndedInThought,
                GeneratedTokens = result.GeneratedTokens,
                ReasoningTokens = result.ReasoningTokens,
                AnswerTokens = result.AnswerTokens,
            });
        }
    }

    /// <summary>Lets others compute an answer that was not kept. Does nothing if it was.</summary>
    public void GiveUp(RunningAnswer answer)
    {
        if (answer.Flight is { } flight)
        {
            _answers!.GiveUp(flight);
        }
    }

    /// <summary>Asks the model what a question means in its conversation.</summary>
    /// <param name="request">The question and its settings, with a history.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The question as the model rewrote it; <see langword="null"/> if it wrote none.</returns>
    public async Task<string?> RewriteAsync(RagRequest request, CancellationToken cancellationToken)
    {
        using QueuePlace place = await EnterAsync(request, cancellationToken).ConfigureAwait(false);
        PreparedAnswer prepared = Prepare([], QuestionRewriting.ToRequest(request), keepsAnswer: false);
        CompletionStream stream = Submit(prepared, flight: null, place, cancellationToken).Stream;
        var text = new StringBuilder();
        await foreach (string piece in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            text.Append(piece);
        }

        CompletionResult result = await stream.Result.ConfigureAwait(false);
        return result.Stopped ? QuestionRewriting.Read(text.ToString()) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await FreeAsync(Loop, Stores).ConfigureAwait(false);
        if (_answers is not null)
        {
            await _answers.DisposeAsync().ConfigureAwait(false);
        }
    }

    private PreparedAnswer Prepare(IReadOnlyList<Passage> passages, RagRequest request, bool keepsAnswer)
    {
        int maxOutputTokens = request.MaxOutputTokens ?? _options.MaxOutputTokens;
        Prompt prompt = Prompts.Build(
            request.Question, passages, maxOutputTokens, new PromptConversation(request.History ?? [], request.Instructions));
        maxOutputTokens = Math.Min(maxOutputTokens, Prompts.WindowSize - prompt.Tokens.Length);
        AnswerRules? rules = request.ResponseFormat is { } format ? _formats.RulesOf(format, prompt.OpenThought is not null, maxOutputTokens) : null;
        int? maxReasoningTokens = request.MaxReasoningTokens ?? _options.Engine.MaxReasoningTokens;
        var completion = new CompletionRequest(
            prompt.Tokens,
            maxOutputTokens,
            request.Sampling ?? _options.Sampling,
            request.StopSequences,
            request.Caller,
            request.Priority)
        {
            KeepsAnswer = keepsAnswer,
            // What is thought leaves enough tokens for the shortest answer.
            Thoughts = new ThoughtRules(
                prompt.OpenThought,
                rules is null ? maxReasoningTokens : Math.Min(maxReasoningTokens ?? int.MaxValue, maxOutputTokens - (int)rules.LeastTokens)),
            Rules = rules,
        };
        return new PreparedAnswer(
            prompt, WithReuse(completion, prompt, request.PassageReuse ?? _options.KvCache.PassageReuse), request.ResponseFormat);
    }

    private RunningAnswer Submit(PreparedAnswer prepared, AnswerFlight? flight, QueuePlace place, CancellationToken cancellationToken) =>
        ToRunning(prepared, Loop.Submit(prepared.Completion, place, cancellationToken), flight);

    private RunningAnswer ToRunning(PreparedAnswer prepared, CompletionStream stream, AnswerFlight? flight)
    {
        Prompt prompt = prepared.Prompt;
        Dictionary<int, RagPassage> citable = prompt.Passages.ToDictionary(passage => passage.Number, passage => passage.ToRagPassage());
        foreach (RagPassage found in prompt.Found)
        {
            citable[found.Number] = found; // with its score for this question
        }

        return new RunningAnswer(prompt.Found, citable, Prompts.TokenizerFingerprint, prompt.Tokens.Length, stream, flight);
    }

    private CompletionResult ToResult(StoredAnswer known, PreparedAnswer prepared, QueuePlace place) => new()
    {
        IsFromCache = true,
        Stopped = known.Stopped,
        EndedInThought = known.EndedInThought,
        GeneratedTokens = known.GeneratedTokens,
        ReasoningTokens = known.ReasoningTokens,
        AnswerTokens = known.AnswerTokens,
        Reuse = new ReuseFigures { Tokens = prepared.Completion.Prompt.Length },
        Queue = place.Waited,
        Prefill = TimeSpan.Zero,
        Decode = TimeSpan.Zero,
        FirstTokenTimestamp = _time.GetTimestamp(),
    };

    private static async ValueTask FreeAsync(DecodeLoop? loop, KvTiers stores)
    {
        try
        {
            if (loop is not null)
            {
                await loop.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await stores.DisposeAsync().ConfigureAwait(false);
        }
    }

    private CompletionRequest WithReuse(CompletionRequest request, Prompt prompt, PassageReuse passages)
    {
        if (_options.KvCache.Reuse == KvReuse.Off)
        {
            return request;
        }

        var setting = new PassageSetting(AfterHead: true, _options.KvCache.RecomputedTokens);
        return passages == PassageReuse.Independent && Planner.Plan(prompt, setting) is { } plan
            ? request with { Chain = Planner.Independent(prompt, setting), Passages = plan }
            : request with { Chain = Planner.Exact(prompt) };
    }
}
