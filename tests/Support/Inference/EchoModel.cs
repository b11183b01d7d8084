using RedisInfer.Inference;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>
/// A model in managed code that repeats its prompt up to <see cref="EndOfPrompt"/>. Its text depends on every token in its KV cache,
/// and its context checks every rule of the port. A scheduler that mixes up sequences, positions or cells is therefore detected.
/// Tests of the scheduler use this model if they need to control when a decode fails, waits or is aborted.
/// </summary>
/// <param name="chatTemplate">Its chat template; <see langword="null"/>: ChatML.</param>
public sealed class EchoModel(string? chatTemplate = null) : IInferenceModel
{
    public const char EndOfPrompt = '|';

    private readonly TemplateModel _template = new(chatTemplate);

    /// <summary>Runs at the start of every decode, on the thread of the decode loop.</summary>
    public Action<TokenBatch, CancellationToken>? BeforeDecode { get; set; }

    /// <summary>Runs before a context is created.</summary>
    public Action? BeforeCreateContext { get; set; }

    /// <summary>Runs before a token is chosen, with the text of the sequence's tokens.</summary>
    public Action<string>? BeforeSample { get; set; }

    /// <summary>Whether its contexts remove parts of sequences. <see langword="false"/>: they refuse it, as recurrent models do.</summary>
    public bool CanSplitSequences { get; init; } = true;

    /// <summary>The last created context.</summary>
    public EchoContext? Context { get; private set; }

    /// <summary>Number of samplers that are not disposed.</summary>
    public int LiveSamplers => _liveSamplers;

    public ModelInfo Info => _template.Info;

    public ITokenizer Tokenizer => _template.Tokenizer;

    private int _liveSamplers;

    public long GetMaxStateBytes(ContextOptions options, int tokenCount) => (24L * tokenCount) + (64 << 10);

    public int GetMaxSequenceLength(ContextOptions options) =>
        options.SeparateSequences && CanSplitSequences ? options.ContextSize / options.MaxSequences : options.ContextSize;

    public string GetStateFingerprint(ContextOptions options) => "echo";

    public IInferenceContext CreateContext(ContextOptions options)
    {
        BeforeCreateContext?.Invoke();
        return Context = new EchoContext(this, options);
    }

    public ISampler CreateSampler(SamplingOptions options)
    {
        Interlocked.Increment(ref _liveSamplers);
        return new Sampler(this);
    }

    public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
        _template.ApplyChatTemplate(messages, addAssistantHeader);

    public void Dispose()
    {
    }

    private sealed class Sampler(EchoModel model) : ISampler
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref model._liveSamplers);
            }
        }
    }
}
