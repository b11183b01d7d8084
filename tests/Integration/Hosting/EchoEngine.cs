using RedisInfer.Inference;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Integration.Hosting;

/// <summary>An engine whose models repeat their prompt. It records the models, and creates no context if a test says so.</summary>
/// <param name="chatTemplate">The chat template of its models; <see langword="null"/>: ChatML.</param>
internal sealed class EchoEngine(string? chatTemplate = null) : IInferenceEngine
{
    private readonly List<Model> _models = [];

    public string Name => "echo";

    /// <summary>What creating a context throws.</summary>
    public Exception? ContextError { get; set; }

    /// <summary>For each loaded model, whether it is disposed of.</summary>
    public IEnumerable<bool> Disposed => _models.Select(model => model.Disposed);

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) => new(0, 0, 0);

    public Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        var model = new Model(this, chatTemplate);
        _models.Add(model);
        return Task.FromResult<IInferenceModel>(model);
    }

    private sealed class Model(EchoEngine engine, string? chatTemplate) : IInferenceModel
    {
        private readonly EchoModel _echo = new(chatTemplate);

        public bool Disposed { get; private set; }

        public ModelInfo Info => _echo.Info;

        public ITokenizer Tokenizer => _echo.Tokenizer;

        public long GetMaxStateBytes(ContextOptions options, int tokenCount) => _echo.GetMaxStateBytes(options, tokenCount);

        public int GetMaxSequenceLength(ContextOptions options) => _echo.GetMaxSequenceLength(options);

        public string GetStateFingerprint(ContextOptions options) => _echo.GetStateFingerprint(options);

        public IInferenceContext CreateContext(ContextOptions options) =>
            engine.ContextError is { } error ? throw error : _echo.CreateContext(options);

        public ISampler CreateSampler(SamplingOptions options) => _echo.CreateSampler(options);

        public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
            _echo.ApplyChatTemplate(messages, addAssistantHeader);

        public void Dispose() => Disposed = true;
    }
}
