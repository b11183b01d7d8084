using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>An engine in whose contexts a test sees decodes, and makes them fail.</summary>
internal sealed class FailingEngine(IInferenceEngine inner) : IInferenceEngine
{
    /// <summary>Runs before every decode, on the thread of the decode loop.</summary>
    public Action<TokenBatch>? BeforeDecode { get; set; }

    public string Name => inner.Name;

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) => inner.EstimateMemory(model, context);

    public async Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        new FailingModel(await inner.LoadModelAsync(options, progress, cancellationToken), batch => BeforeDecode?.Invoke(batch));
}
