using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>An engine some of whose steps fail, as they would on a machine with a broken memory or driver.</summary>
internal sealed class FaultyEngine(IInferenceEngine engine, double failureRate) : IInferenceEngine
{
    public string Name => engine.Name;

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) => engine.EstimateMemory(model, context);

    public async Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        new FaultyModel(await engine.LoadModelAsync(options, progress, cancellationToken), failureRate);
}
