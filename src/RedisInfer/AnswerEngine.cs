using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Scheduling;

namespace RedisInfer;

/// <summary>What belongs to the model that answers: its prompt and its decode loop.</summary>
internal sealed class AnswerEngine : IAsyncDisposable
{
    private AnswerEngine(PromptBuilder prompts, int windowSize, DecodeLoop loop)
    {
        Prompts = prompts;
        WindowSize = windowSize;
        Loop = loop;
    }

    public PromptBuilder Prompts { get; }

    /// <summary>Most tokens of prompt and answer together.</summary>
    public int WindowSize { get; }

    public DecodeLoop Loop { get; }

    public static async Task<AnswerEngine> StartAsync(
        IInferenceModel model, RedisInferOptions options, MemoryBudget budget, SchedulerMetrics metrics, ILogger logger, TimeProvider time)
    {
        if (!model.Info.CanGenerate)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"'{model.Info.Path}' ({model.Info.Architecture}) is an embedding model and cannot generate text. "
                + "Give a text model as ModelPath, and this one as EmbeddingModelPath.");
        }

        int windowSize = Math.Min(model.Info.TrainedContextSize, budget.ContextSize);
        PromptTemplate template = PromptTemplate.Create(model, options.SystemPrompt, options.EnableThinking);
        var loopOptions = new DecodeLoopOptions
        {
            Context = new ContextOptions
            {
                ContextSize = budget.ContextSize,
                MaxSequences = budget.MaxSequences,
                BatchSize = options.BatchSize,
                Threads = options.Threads,
                PinThreads = options.PinThreads,
                KvType = options.KvType,
            },
            QueueCapacity = options.QueueCapacity,
            FullQueue = options.FullQueue,
            QueueTimeout = options.QueueTimeout,
            PrefillSliceSize = options.PrefillSliceSize,
            ShutdownTimeout = options.ShutdownTimeout,
        };
        DecodeLoop loop = await DecodeLoop.StartAsync(model, loopOptions, metrics, logger, time).ConfigureAwait(false);
        return new AnswerEngine(new PromptBuilder(model.Tokenizer, template, windowSize), windowSize, loop);
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync().ConfigureAwait(false);
        Loop.Metrics.Dispose();
    }
}
