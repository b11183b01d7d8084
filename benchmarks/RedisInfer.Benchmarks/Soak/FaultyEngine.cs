using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>An engine in which some steps fail, as they would on a machine with broken memory or a broken driver.</summary>
internal sealed class FaultyEngine(IInferenceEngine engine, double failureRate) : IInferenceEngine
{
    public string Name => engine.Name;

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) => engine.EstimateMemory(model, context);

    public async Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        new FaultyModel(await engine.LoadModelAsync(options, progress, cancellationToken), failureRate);
}
