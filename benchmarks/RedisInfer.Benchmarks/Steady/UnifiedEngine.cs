using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>An engine in whose contexts all sequences share one KV cache, whatever the runtime asks for.</summary>
internal sealed class UnifiedEngine(IInferenceEngine engine) : IInferenceEngine
{
    public string Name => engine.Name;

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) =>
        engine.EstimateMemory(model, UnifiedModel.Unify(context));

    public async Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        UnifiedModel.Of(await engine.LoadModelAsync(options, progress, cancellationToken));
}
