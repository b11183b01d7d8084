using System.Reflection;
using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>The model of a <see cref="UnifiedEngine"/>: passes every call on, with other options for the context.</summary>
internal class UnifiedModel : DispatchProxy
{
    private IInferenceModel? _model;

    public static IInferenceModel Of(IInferenceModel model)
    {
        IInferenceModel proxy = Create<IInferenceModel, UnifiedModel>();
        ((UnifiedModel)(object)proxy)._model = model;
        return proxy;
    }

    /// <summary>The same settings, without a KV cache of its own for each sequence.</summary>
    public static ContextOptions Unify(ContextOptions options) => new()
    {
        ContextSize = options.ContextSize,
        MaxSequences = options.MaxSequences,
        BatchSize = options.BatchSize,
        Threads = options.Threads,
        PinThreads = options.PinThreads,
        KvType = options.KvType,
        FlashAttention = options.FlashAttention,
        Embeddings = options.Embeddings,
    };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(
        _model,
        BindingFlags.DoNotWrapExceptions,
        binder: null,
        args?.Select(one => one is ContextOptions options ? Unify(options) : one).ToArray(),
        culture: null);
}
