using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>A chain of <c>llama_sampler</c>s. Holds a reference to its model.</summary>
internal sealed class LlamaSamplerHandle : BoundSampler
{
    private LlamaModelHandle? _model;

    private LlamaSamplerHandle()
    {
    }

    /// <summary>Creates an empty chain.</summary>
    /// <param name="model">The model whose vocabulary the chain chooses from. The handle holds one reference to it.</param>
    /// <returns>The handle.</returns>
    internal static LlamaSamplerHandle Create(LlamaModelHandle model)
    {
        var handle = new LlamaSamplerHandle();
        bool added = false;
        model.DangerousAddRef(ref added);
        try
        {
            handle.SetHandle(LlamaNative.llama_sampler_chain_init(LlamaNative.llama_sampler_chain_default_params()));
        }
        finally
        {
            if (handle.IsInvalid)
            {
                model.DangerousRelease();
            }
            else
            {
                handle._model = model;
            }
        }

        return handle;
    }

    public override void AddPenalties(int vocabularySize, int window, float repetition) =>
        Add(LlamaNative.llama_sampler_init_penalties(vocabularySize, window, repetition, penalty_freq: 0f, penalty_present: 0f));

    public override void AddGreedy() => Add(LlamaNative.llama_sampler_init_greedy());

    public override void AddTopK(int count) => Add(LlamaNative.llama_sampler_init_top_k(count));

    public override void AddTopP(float share) => Add(LlamaNative.llama_sampler_init_top_p(share, min_keep: 1));

    public override void AddMinP(float share) => Add(LlamaNative.llama_sampler_init_min_p(share, min_keep: 1));

    public override void AddTemperature(float temperature) => Add(LlamaNative.llama_sampler_init_temp(temperature));

    public override void AddDistribution(uint seed) => Add(LlamaNative.llama_sampler_init_dist(seed));

    public override int Sample(BoundContext context, int row) =>
        LlamaNative.llama_sampler_sample(this, (LlamaContextHandle)context, row);

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_sampler_free(handle);
        _model?.DangerousRelease();
        return true;
    }

    // The chain owns a sampler from then on.
    private void Add(nint sampler)
    {
        if (sampler == 0)
        {
            throw new OutOfMemoryException("llama.cpp could not create a sampler.");
        }

        LlamaNative.llama_sampler_chain_add(this, sampler);
    }
}
