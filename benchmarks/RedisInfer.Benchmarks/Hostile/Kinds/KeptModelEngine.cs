using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>An engine that loads one model once, for many runtimes one after another.</summary>
internal sealed class KeptModelEngine(IInferenceEngine engine, IInferenceModel model) : IInferenceEngine
{
    public string Name => engine.Name;

    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context) => engine.EstimateMemory(model, context);

    public Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        Task.FromResult<IInferenceModel>(new KeptModel(model));
}
