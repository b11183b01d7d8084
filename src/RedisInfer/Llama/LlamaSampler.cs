using RedisInfer.Inference;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>A chain of llama.cpp's samplers.</summary>
internal sealed class LlamaSampler : ISampler
{
    private LlamaSampler(LlamaModel model, LlamaSamplerHandle handle)
    {
        Model = model;
        Handle = handle;
    }

    /// <summary>The model whose tokens it chooses from.</summary>
    internal LlamaModel Model { get; }

    /// <summary>The native chain.</summary>
    internal LlamaSamplerHandle Handle { get; }

    /// <summary>Creates a sampler.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal static LlamaSampler Create(LlamaModel model, SamplingOptions options)
    {
        Check(options);
        LlamaSamplerHandle handle = LlamaSamplerHandle.Create(model.Handle);
        try
        {
            Fill(handle, model.Info.VocabularySize, options);
            return new LlamaSampler(model, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Reset() => LlamaNative.llama_sampler_reset(Handle);

    public void Dispose() => Handle.Dispose();

    private static void Fill(LlamaSamplerHandle chain, int vocabularySize, SamplingOptions options)
    {
        if (options.RepetitionPenalty != 1f && options.RepetitionWindow > 0)
        {
            chain.Add(LlamaNative.llama_sampler_init_penalties(
                vocabularySize, options.RepetitionWindow, options.RepetitionPenalty, penalty_freq: 0f, penalty_present: 0f));
        }

        if (options.Temperature == 0f)
        {
            chain.Add(LlamaNative.llama_sampler_init_greedy());
            return;
        }

        if (options.TopK > 0)
        {
            chain.Add(LlamaNative.llama_sampler_init_top_k(options.TopK));
        }

        if (options.TopP < 1f)
        {
            chain.Add(LlamaNative.llama_sampler_init_top_p(options.TopP, min_keep: 1));
        }

        if (options.MinP > 0f)
        {
            chain.Add(LlamaNative.llama_sampler_init_min_p(options.MinP, min_keep: 1));
        }

        chain.Add(LlamaNative.llama_sampler_init_temp(options.Temperature));
        chain.Add(LlamaNative.llama_sampler_init_dist(SeedOf(options)));
    }

    // llama.cpp takes this one value for "draw a seed", which would make an answer asked for by it not repeatable.
    private static uint SeedOf(SamplingOptions options)
    {
        uint seed = options.Seed ?? (uint)Random.Shared.NextInt64(LlamaConstants.LLAMA_DEFAULT_SEED);
        return seed == LlamaConstants.LLAMA_DEFAULT_SEED ? seed - 1 : seed;
    }

    private static void Check(SamplingOptions options)
    {
        IReadOnlyList<string> problems = options.Validate();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }
    }
}
