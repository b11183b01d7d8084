using LLama.Native;
using RedisInfer.Llama.Binding;

namespace RedisInfer.LLamaSharp;

/// <summary>A chain of samplers of LLamaSharp. Holds a reference to its model.</summary>
internal sealed class SharpSampler : BoundSampler
{
    private readonly SafeLLamaSamplerChainHandle _chain;
    private readonly SharpModel _model;

    internal SharpSampler(SharpModel model)
    {
        _chain = SafeLLamaSamplerChainHandle.Create(LLamaSamplerChainParams.Default());
        _model = model;
        bool added = false;
        model.DangerousAddRef(ref added);
        SetHandle(_chain.DangerousGetHandle());
    }

    public override void AddPenalties(int vocabularySize, int window, float repetition) =>
        _chain.AddPenalties(window, repetition, freq: 0f, presence: 0f);

    public override void AddGreedy() => _chain.AddGreedySampler();

    public override void AddTopK(int count) => _chain.AddTopK(count);

    public override void AddTopP(float share) => _chain.AddTopP(share, minKeep: 1);

    public override void AddMinP(float share) => _chain.AddMinP(share, minKeep: 1);

    public override void AddTemperature(float temperature) => _chain.AddTemperature(temperature);

    public override void AddDistribution(uint seed) => _chain.AddDistributionSampler(seed);

    public override int Sample(BoundContext context, int row) => (int)_chain.Sample(((SharpContext)context).Context, row);

    protected override bool ReleaseHandle()
    {
        _chain.Dispose();
        _model.DangerousRelease();
        return true;
    }
}
