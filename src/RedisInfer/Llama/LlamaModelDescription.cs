using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Reads the properties of a loaded model.</summary>
internal static class LlamaModelDescription
{
    internal static ModelInfo Describe(
        BoundModel model, ModelFacts facts, GgufHeader header, string engine, string path, string fingerprint)
    {
        using HandleUse use = model.Use();
        ChatFormat format = ChatFormatOf(model, facts, path);
        return new ModelInfo
        {
            Engine = engine,
            Path = path,
            Architecture = header.Architecture,
            Name = header.GetText("general.name") is { Length: > 0 } name ? name : System.IO.Path.GetFileName(path),
            TrainedContextSize = facts.TrainedContextSize,
            EmbeddingLength = facts.EmbeddingLength,
            VocabularySize = facts.VocabularySize,
            WeightBytes = facts.WeightBytes,
            ParameterCount = facts.ParameterCount,
            Pooling = PoolingOf(header),
            CanGenerate = CanGenerate(facts, header),
            ChatTemplate = format.Template,
            RerankTemplate = facts.RerankTemplate,
            BeginOfText = format.BeginOfText,
            EndOfText = format.EndOfText,
            Fingerprint = fingerprint,
        };
    }

    /// <summary>The form of a model's conversations. The vocabulary alone is enough to read it.</summary>
    internal static ChatFormat ChatFormatOf(BoundModel model, ModelFacts facts, string path)
    {
        using HandleUse use = model.Use();
        return new ChatFormat(path, facts.ChatTemplate, TextOf(model, facts.BeginOfText), TextOf(model, facts.EndOfText));
    }

    /// <summary>Whether a model generates text.</summary>
    internal static bool CanGenerate(ModelFacts facts, GgufHeader header) =>
        PoolingOf(header) == EmbeddingPooling.None && IsCausalDecoder(facts, header);

    private static string TextOf(BoundModel model, int token) => token < 0 ? "" : model.ReadText(token);

    /// <summary>What the engine reports about a model.</summary>
    /// <exception cref="Errors.RedisInferException">The model has no vocabulary.</exception>
    internal static ModelFacts ReadFacts(BoundModel model, string path)
    {
        using HandleUse use = model.Use();
        ModelFacts facts = model.ReadFacts();
        return facts.VocabularySize > 0 && facts.VocabularyType != LlamaConstants.LLAMA_VOCAB_TYPE_NONE
            ? facts
            : throw GgufErrors.GgufUnusable(path, "it has no vocabulary, so it cannot take text");
    }

    /// <summary>How a model makes one vector of those of its tokens.</summary>
    internal static EmbeddingPooling PoolingOf(GgufHeader header) => header.GetArchitectureInteger("pooling_type") switch
    {
        LlamaConstants.LLAMA_POOLING_TYPE_MEAN => EmbeddingPooling.Mean,
        LlamaConstants.LLAMA_POOLING_TYPE_CLS => EmbeddingPooling.Cls,
        LlamaConstants.LLAMA_POOLING_TYPE_LAST => EmbeddingPooling.Last,
        LlamaConstants.LLAMA_POOLING_TYPE_RANK => EmbeddingPooling.Rank,
        // Many re-rankers do not say that they are.
        _ => RankHead.IsIn(header) ? EmbeddingPooling.Rank : EmbeddingPooling.None,
    };

    private static bool IsCausalDecoder(ModelFacts facts, GgufHeader header) =>
        facts.HasDecoder
        && !facts.HasEncoder
        && !facts.IsDiffusion
        && (header.GetArchitectureInteger("attention.causal") ?? 1) != 0
        && !ArchitectureFacts.NotCausal.Contains(header.Architecture);
}
