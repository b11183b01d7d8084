using System.Numerics.Tensors;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>A chain of llama.cpp samplers.</summary>
internal sealed class LlamaSampler : ISampler
{
    private readonly BoundSampler _handle;

    // Whether the chain always chooses the likeliest token, whatever came before.
    private readonly bool _isGreedy;

    // Whether what was chosen counts for later choices.
    private readonly bool _remembers;

    private LlamaSampler(LlamaModel model, BoundSampler handle, SamplingOptions options)
    {
        Model = model;
        _handle = handle;
        _remembers = Penalizes(options);
        _isGreedy = options.Temperature == 0f && !_remembers;
    }

    /// <summary>The model whose tokens the sampler chooses from.</summary>
    internal LlamaModel Model { get; }

    /// <summary>Creates a sampler.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    internal static LlamaSampler Create(LlamaModel model, SamplingOptions options)
    {
        Check(options);
        BoundSampler handle = model.Handle.CreateSampler();
        try
        {
            Fill(handle, model.Info.VocabularySize, options);
            return new LlamaSampler(model, handle, options);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>Chooses a token and remembers it.</summary>
    /// <param name="context">The context that computed the logits.</param>
    /// <param name="row">The row of the logits.</param>
    /// <param name="logits">The logits.</param>
    internal int Choose(BoundContext context, int row, ReadOnlySpan<float> logits)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);

        // llama.cpp asserts that a token was chosen. If logits are not finite, it may choose none.
        int likeliest = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[likeliest]))
        {
            throw LlamaErrors.LogitsNotFinite(Model.Info.Path);
        }

        // A chain would first fill 12 bytes per token of the vocabulary to find the same token.
        return _isGreedy ? likeliest : _handle.Sample(context, row);
    }

    /// <summary>Chooses a token that a filter allows, and remembers it.</summary>
    /// <param name="context">The context that computed the logits.</param>
    /// <param name="row">The row of the logits.</param>
    /// <param name="logits">The logits, as the chain reads them. The filter may change them.</param>
    /// <param name="filter">Which tokens may be chosen.</param>
    internal int Choose(BoundContext context, int row, Span<float> logits, ITokenFilter filter)
    {
        // A chain that remembers must not see a token that is then refused.
        if (!_remembers)
        {
            int first = Choose(context, row, logits);
            if (filter.Allows(first))
            {
                return first;
            }
        }

        filter.Restrict(logits);
        int token = Choose(context, row, logits);

        // A random number next to 1 may fall on a token without any probability.
        return float.IsFinite(logits[token]) ? token : TensorPrimitives.IndexOfMax(logits);
    }

    private static void Fill(BoundSampler chain, int vocabularySize, SamplingOptions options)
    {
        if (Penalizes(options))
        {
            chain.AddPenalties(vocabularySize, options.RepetitionWindow, options.RepetitionPenalty);
        }

        if (options.Temperature == 0f)
        {
            chain.AddGreedy();
            return;
        }

        if (options.TopK > 0)
        {
            chain.AddTopK(options.TopK);
        }

        if (options.TopP < 1f)
        {
            chain.AddTopP(options.TopP);
        }

        if (options.MinP > 0f)
        {
            chain.AddMinP(options.MinP);
        }

        chain.AddTemperature(options.Temperature);
        chain.AddDistribution(SeedOf(options));
    }

    private static bool Penalizes(SamplingOptions options) => options.RepetitionPenalty != 1f && options.RepetitionWindow > 0;

    // llama.cpp takes this one value for "draw a seed". An answer requested with this seed would not be repeatable.
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
