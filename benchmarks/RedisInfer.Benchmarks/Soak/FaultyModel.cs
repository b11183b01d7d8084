using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>The model of a <see cref="FaultyEngine"/>.</summary>
internal sealed class FaultyModel(IInferenceModel model, double failureRate) : IInferenceModel
{
    public ModelInfo Info => model.Info;

    public ITokenizer Tokenizer => model.Tokenizer;

    public long GetMaxStateBytes(ContextOptions options, int tokenCount) => model.GetMaxStateBytes(options, tokenCount);

    public int GetMaxSequenceLength(ContextOptions options) => model.GetMaxSequenceLength(options);

    public string GetStateFingerprint(ContextOptions options) => model.GetStateFingerprint(options);

    public IInferenceContext CreateContext(ContextOptions options) => new FaultyContext(model.CreateContext(options), failureRate);

    public ISampler CreateSampler(SamplingOptions options) => model.CreateSampler(options);

    public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
        model.ApplyChatTemplate(messages, addAssistantHeader);

    public void Dispose() => model.Dispose();
}
