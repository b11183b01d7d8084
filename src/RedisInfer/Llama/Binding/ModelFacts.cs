namespace RedisInfer.Llama.Binding;

/// <summary>What llama.cpp reports about a loaded model.</summary>
public sealed record ModelFacts
{
    /// <summary><c>llama_model_n_ctx_train</c>.</summary>
    public required int TrainedContextSize { get; init; }

    /// <summary><c>llama_model_n_embd_out</c>.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary><c>llama_model_size</c>, in bytes.</summary>
    public required long WeightBytes { get; init; }

    /// <summary><c>llama_model_n_params</c>.</summary>
    public required long ParameterCount { get; init; }

    /// <summary><c>llama_model_has_encoder</c>.</summary>
    public required bool HasEncoder { get; init; }

    /// <summary><c>llama_model_has_decoder</c>.</summary>
    public required bool HasDecoder { get; init; }

    /// <summary><c>llama_model_is_recurrent</c> or <c>llama_model_is_hybrid</c>.</summary>
    public required bool HasRecurrentState { get; init; }

    /// <summary><c>llama_model_is_diffusion</c>.</summary>
    public required bool IsDiffusion { get; init; }

    /// <summary>Whether <c>llama_model_rope_type</c> is not <c>NONE</c>: positions are rotated in, not looked up in a table.</summary>
    public required bool HasRotaryPositions { get; init; }

    /// <summary>The model's default <c>llama_model_chat_template</c>, if it has one.</summary>
    public required string? ChatTemplate { get; init; }

    /// <summary>The <c>llama_model_chat_template</c> named <c>rerank</c>, if the model has one.</summary>
    public required string? RerankTemplate { get; init; }

    /// <summary><c>llama_model_n_cls_out</c>: outputs of the classification head; 1 if the model does not say.</summary>
    public required int ClassCount { get; init; }

    /// <summary><c>llama_vocab_n_tokens</c>.</summary>
    public required int VocabularySize { get; init; }

    /// <summary><c>llama_vocab_type</c>, as llama.h numbers them: 0 is none, 1 is SentencePiece.</summary>
    public required int VocabularyType { get; init; }

    /// <summary><c>llama_vocab_bos</c>; -1 if there is none.</summary>
    public required int BeginOfText { get; init; }

    /// <summary><c>llama_vocab_eos</c>; -1 if there is none.</summary>
    public required int EndOfText { get; init; }

    /// <summary><c>llama_vocab_sep</c>; -1 if there is none.</summary>
    public required int Separator { get; init; }

    /// <summary><c>llama_vocab_get_add_sep</c>: whether a second text begins with the separator.</summary>
    public required bool AddsSeparator { get; init; }
}
