using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>Owns a chain of <c>llama_sampler</c>s. One thread uses it at a time, with arguments that were checked.</summary>
public abstract class BoundSampler() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Adds <c>llama_sampler_init_penalties</c>, for repetitions only.</summary>
    /// <param name="vocabularySize">Number of tokens.</param>
    /// <param name="window">Number of last tokens that count.</param>
    /// <param name="repetition">The penalty.</param>
    public abstract void AddPenalties(int vocabularySize, int window, float repetition);

    /// <summary>Adds <c>llama_sampler_init_greedy</c>.</summary>
    public abstract void AddGreedy();

    /// <summary>Adds <c>llama_sampler_init_top_k</c>.</summary>
    /// <param name="count">Number of tokens that remain.</param>
    public abstract void AddTopK(int count);

    /// <summary>Adds <c>llama_sampler_init_top_p</c>, which keeps one token at least.</summary>
    /// <param name="share">Probability of the tokens that remain.</param>
    public abstract void AddTopP(float share);

    /// <summary>Adds <c>llama_sampler_init_min_p</c>, which keeps one token at least.</summary>
    /// <param name="share">Least probability, relative to the likeliest token.</param>
    public abstract void AddMinP(float share);

    /// <summary>Adds <c>llama_sampler_init_temp</c>.</summary>
    /// <param name="temperature">The temperature.</param>
    public abstract void AddTemperature(float temperature);

    /// <summary>Adds <c>llama_sampler_init_dist</c>.</summary>
    /// <param name="seed">The seed.</param>
    public abstract void AddDistribution(uint seed);

    /// <summary><c>llama_sampler_sample</c>.</summary>
    /// <param name="context">A context of the same model.</param>
    /// <param name="row">A row of its last batch that has logits.</param>
    /// <returns>The token, which the chain remembers.</returns>
    public abstract int Sample(BoundContext context, int row);
}
