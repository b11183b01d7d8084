using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>The model of a <see cref="KeptModelEngine"/>. Disposal does not free it.</summary>
internal sealed class KeptModel(IInferenceModel model) : IInferenceModel
{
    public ModelInfo Info => model.Info;

    public ITokenizer Tokenizer => model.Tokenizer;

    public long GetMaxStateBytes(ContextOptions options, int tokenCount) => model.GetMaxStateBytes(options, tokenCount);

    public string GetStateFingerprint(ContextOptions options) => model.GetStateFingerprint(options);

    public IInferenceContext CreateContext(ContextOptions options) => model.CreateContext(options);

    public ISampler CreateSampler(SamplingOptions options) => model.CreateSampler(options);

    public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) => model.ApplyChatTemplate(messages, addAssistantHeader);

    public void Dispose()
    {
    }
}
