using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A model of a <see cref="FailingEngine"/>.</summary>
internal sealed class FailingModel(IInferenceModel inner, Action<TokenBatch> beforeDecode) : IInferenceModel
{
    public ModelInfo Info => inner.Info;

    public ITokenizer Tokenizer => inner.Tokenizer;

    public long GetMaxStateBytes(ContextOptions options, int tokenCount) => inner.GetMaxStateBytes(options, tokenCount);

    public int GetMaxSequenceLength(ContextOptions options) => inner.GetMaxSequenceLength(options);

    public string GetStateFingerprint(ContextOptions options) => inner.GetStateFingerprint(options);

    public IInferenceContext CreateContext(ContextOptions options) => new FailingContext(inner.CreateContext(options), beforeDecode);

    public ISampler CreateSampler(SamplingOptions options) => inner.CreateSampler(options);

    public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
        inner.ApplyChatTemplate(messages, addAssistantHeader);

    public void Dispose() => inner.Dispose();
}
