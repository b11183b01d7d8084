using System.Runtime.InteropServices;
using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>A <c>llama_model</c>. Contexts and samplers hold a reference, so the model is freed after the last of them.</summary>
internal sealed unsafe class LlamaModelHandle : BoundModel
{
    private readonly nint _vocab;

    /// <summary>Takes a model that was just loaded.</summary>
    internal LlamaModelHandle(nint model)
    {
        SetHandle(model);
        _vocab = LlamaNative.llama_model_get_vocab(this);
    }

    public override ModelFacts ReadFacts() => new()
    {
        TrainedContextSize = LlamaNative.llama_model_n_ctx_train(this),
        EmbeddingLength = LlamaNative.llama_model_n_embd_out(this),
        WeightBytes = (long)LlamaNative.llama_model_size(this),
        ParameterCount = (long)LlamaNative.llama_model_n_params(this),
        HasEncoder = LlamaNative.llama_model_has_encoder(this) != 0,
        HasDecoder = LlamaNative.llama_model_has_decoder(this) != 0,
        HasRecurrentState = LlamaNative.llama_model_is_recurrent(this) != 0 || LlamaNative.llama_model_is_hybrid(this) != 0,
        IsDiffusion = LlamaNative.llama_model_is_diffusion(this) != 0,
        HasRotaryPositions = LlamaNative.llama_model_rope_type(this) != LlamaConstants.LLAMA_ROPE_TYPE_NONE,
        ChatTemplate = TemplateOf(default),
        RerankTemplate = TemplateOf("rerank\0"u8),
        ClassCount = checked((int)LlamaNative.llama_model_n_cls_out(this)),
        VocabularySize = LlamaNative.llama_vocab_n_tokens(_vocab),
        VocabularyType = LlamaNative.llama_vocab_type(_vocab),
        BeginOfText = LlamaNative.llama_vocab_bos(_vocab),
        EndOfText = LlamaNative.llama_vocab_eos(_vocab),
        Separator = LlamaNative.llama_vocab_sep(_vocab),
        AddsSeparator = LlamaNative.llama_vocab_get_add_sep(_vocab) != 0,
    };

    public override int Tokenize(byte* text, int length, int* tokens, int capacity, bool addSpecial, bool parseSpecial) =>
        LlamaNative.llama_tokenize(_vocab, text, length, tokens, capacity, addSpecial ? (byte)1 : (byte)0, parseSpecial ? (byte)1 : (byte)0);

    public override int ReadPiece(int token, byte* buffer, int capacity) =>
        LlamaNative.llama_token_to_piece(_vocab, token, buffer, capacity, lstrip: 0, special: 0);

    public override string ReadText(int token) => Marshal.PtrToStringUTF8((nint)LlamaNative.llama_vocab_get_text(_vocab, token)) ?? "";

    public override int ReadAttributes(int token) => LlamaNative.llama_vocab_get_attr(_vocab, token);

    public override bool IsEndOfGeneration(int token) => LlamaNative.llama_vocab_is_eog(_vocab, token) != 0;

    public override string? ReadClassLabel(int output) => Marshal.PtrToStringUTF8((nint)LlamaNative.llama_model_cls_label(this, (uint)output));

    public override BoundContext? CreateContext(ContextSettings settings) => LlamaContextHandle.Create(this, settings);

    public override BoundSampler CreateSampler() => LlamaSamplerHandle.Create(this);

    private string? TemplateOf(ReadOnlySpan<byte> name)
    {
        fixed (byte* pointer = name)
        {
            return Marshal.PtrToStringUTF8((nint)LlamaNative.llama_model_chat_template(this, pointer));
        }
    }

    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_model_free(handle);
        return true;
    }
}
