using System.Runtime.InteropServices;
using RedisInfer.Inference;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Reads the properties of a loaded model.</summary>
internal static unsafe class LlamaModelDescription
{
    internal static ModelInfo Describe(LlamaModelHandle model, GgufHeader header, string path, string fingerprint)
    {
        using HandleUse use = model.Use();
        ChatFormat format = ChatFormatOf(model, path);
        return new ModelInfo
        {
            Engine = LlamaEngine.EngineName,
            Path = path,
            Architecture = header.Architecture,
            Name = header.GetText("general.name") is { Length: > 0 } name ? name : System.IO.Path.GetFileName(path),
            TrainedContextSize = LlamaNative.llama_model_n_ctx_train(model),
            EmbeddingLength = LlamaNative.llama_model_n_embd_out(model),
            VocabularySize = VocabularySize(model, path),
            WeightBytes = (long)LlamaNative.llama_model_size(model),
            ParameterCount = (long)LlamaNative.llama_model_n_params(model),
            Pooling = PoolingOf(header),
            CanGenerate = CanGenerate(model, header),
            ChatTemplate = format.Template,
            RerankTemplate = TemplateOf(model, "rerank\0"u8),
            BeginOfText = format.BeginOfText,
            EndOfText = format.EndOfText,
            Fingerprint = fingerprint,
        };
    }

    /// <summary>The form of a model's conversations. The vocabulary alone is enough to read it.</summary>
    internal static ChatFormat ChatFormatOf(LlamaModelHandle model, string path)
    {
        using HandleUse use = model.Use();
        nint vocab = LlamaNative.llama_model_get_vocab(model);
        return new ChatFormat(
            path,
            TemplateOf(model, default),
            TextOf(vocab, LlamaNative.llama_vocab_bos(vocab)),
            TextOf(vocab, LlamaNative.llama_vocab_eos(vocab)));
    }

    /// <summary>Whether a model generates text.</summary>
    internal static bool CanGenerate(LlamaModelHandle model, GgufHeader header) =>
        PoolingOf(header) == EmbeddingPooling.None && IsCausalDecoder(model, header);

    private static string? TemplateOf(LlamaModelHandle model, ReadOnlySpan<byte> name)
    {
        fixed (byte* pointer = name)
        {
            return Marshal.PtrToStringUTF8((nint)LlamaNative.llama_model_chat_template(model, pointer));
        }
    }

    private static string TextOf(nint vocab, int token) =>
        token < 0 ? "" : Marshal.PtrToStringUTF8((nint)LlamaNative.llama_vocab_get_text(vocab, token)) ?? "";

    /// <summary>Number of tokens in the vocabulary.</summary>
    /// <exception cref="Errors.RedisInferException">The model has no vocabulary.</exception>
    internal static int VocabularySize(LlamaModelHandle model, string path)
    {
        using HandleUse use = model.Use();
        nint vocab = LlamaNative.llama_model_get_vocab(model);
        int size = LlamaNative.llama_vocab_n_tokens(vocab);
        return size > 0 && LlamaNative.llama_vocab_type(vocab) != LlamaConstants.LLAMA_VOCAB_TYPE_NONE
            ? size
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

    private static bool IsCausalDecoder(LlamaModelHandle model, GgufHeader header) =>
        LlamaNative.llama_model_has_decoder(model) != 0
        && LlamaNative.llama_model_has_encoder(model) == 0
        && LlamaNative.llama_model_is_diffusion(model) == 0
        && (header.GetArchitectureInteger("attention.causal") ?? 1) != 0
        && !ArchitectureFacts.NotCausal.Contains(header.Architecture);
}
