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
        IInferenceModel model, RedisInferOptions options, ILogger logger, TimeProvider time)
    {
        if (!model.Info.CanGenerate)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"'{model.Info.Path}' ({model.Info.Architecture}) is an embedding model and cannot generate text. "
                + "Give a text model as ModelPath, and this one as EmbeddingModelPath.");
        }

        int windowSize = Math.Min(model.Info.TrainedContextSize, options.ContextSize);
        PromptTemplate template = PromptTemplate.Create(model, options.SystemPrompt, options.EnableThinking);
        var loopOptions = new DecodeLoopOptions
        {
            Context = new ContextOptions
            {
                ContextSize = options.ContextSize,
                MaxSequences = options.MaxConcurrentRequests,
                BatchSize = options.BatchSize,
                Threads = options.Threads,
                KvType = options.KvType,
            },
            QueueCapacity = options.QueueCapacity,
            FullQueue = options.FullQueue,
        };
        DecodeLoop loop = await DecodeLoop.StartAsync(model, loopOptions, logger, time).ConfigureAwait(false);
        return new AnswerEngine(new PromptBuilder(model.Tokenizer, template, windowSize), windowSize, loop);
    }

    public ValueTask DisposeAsync() => Loop.DisposeAsync();
}
