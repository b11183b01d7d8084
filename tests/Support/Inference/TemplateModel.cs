using RedisInfer.Inference;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>A model that only renders chat templates: ChatML over <see cref="CharTokenizer"/>.</summary>
public sealed class TemplateModel(string? chatTemplate = null, string beginOfText = "") : IInferenceModel
{
    public ModelInfo Info { get; } = new()
    {
        Engine = "test",
        Path = "template.gguf",
        Architecture = "none",
        Name = "template",
        TrainedContextSize = 1 << 16,
        EmbeddingLength = 1,
        VocabularySize = char.MaxValue + 1,
        WeightBytes = 0,
        ParameterCount = 0,
        Pooling = EmbeddingPooling.None,
        CanGenerate = true,
        ChatTemplate = chatTemplate,
        BeginOfText = beginOfText,
        Fingerprint = new string('0', 32),
    };

    public ITokenizer Tokenizer { get; } = new CharTokenizer { LeadingTokens = beginOfText.Select(c => (int)c).ToArray() };

    public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
        string.Concat(messages.Select(turn => $"<|im_start|>{turn.Role}\n{turn.Content}<|im_end|>\n"))
        + (addAssistantHeader ? "<|im_start|>assistant\n" : "");

    public long GetMaxStateBytes(ContextOptions options, int tokenCount) => throw new NotSupportedException();

    public int GetMaxSequenceLength(ContextOptions options) => throw new NotSupportedException();

    public string GetStateFingerprint(ContextOptions options) => throw new NotSupportedException();

    public IInferenceContext CreateContext(ContextOptions options) => throw new NotSupportedException();

    public ISampler CreateSampler(SamplingOptions options) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
