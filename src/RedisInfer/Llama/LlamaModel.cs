using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>A model that llama.cpp has loaded.</summary>
internal sealed class LlamaModel : IInferenceModel
{
    private readonly GgufHeader _header;

    internal LlamaModel(LlamaBuild build, BoundModel handle, GgufHeader header, ModelFacts facts, ModelInfo info, int? rankOutput)
    {
        Build = build;
        Facts = facts;
        Handle = handle;
        _header = header;
        Info = info;
        RankOutput = rankOutput;
        Tokenizer = new LlamaTokenizer(handle, facts, ModelFingerprint.OfTokenizer(header));
    }

    public ModelInfo Info { get; }

    public ITokenizer Tokenizer { get; }

    /// <summary>Which output of the classification head is the score; <see langword="null"/>: the model is no re-ranker.</summary>
    internal int? RankOutput { get; }

    /// <summary>The native model.</summary>
    internal BoundModel Handle { get; }

    /// <summary>The build that loaded it.</summary>
    internal LlamaBuild Build { get; }

    /// <summary>What the build reports about it.</summary>
    internal ModelFacts Facts { get; }

    /// <summary>The properties of the model that an error text names.</summary>
    internal LlamaErrors.ModelInfoText Text => new(Info.Path, Info.Architecture);

    public long GetMaxStateBytes(ContextOptions options, int tokenCount)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(tokenCount);
        return KvCacheSize.MaxStateBytes(_header, options, tokenCount);
    }

    public int GetMaxSequenceLength(ContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LlamaContextFactory.SequenceLength(this, _header, options);
    }

    public string GetStateFingerprint(ContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LlamaContextFactory.StateFingerprint(Info.Fingerprint, options);
    }

    public IInferenceContext CreateContext(ContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LlamaContextFactory.Create(this, _header, options);
    }

    public ISampler CreateSampler(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return LlamaSampler.Create(this, options);
    }

    public void Dispose() => Handle.Dispose();
}
