namespace RedisInfer.Llama.Interop;

/// <summary>Values of the enums of llama.h and ggml.h that are used here, under their original names.</summary>
internal static class LlamaConstants
{
    public const int LLAMA_SPLIT_MODE_LAYER = 1;
    public const int LLAMA_LOAD_MODE_AUTO = -1;
    public const int LLAMA_LAZY_MODE_AUTO = 1;

    public const int LLAMA_POOLING_TYPE_UNSPECIFIED = -1;
    public const int LLAMA_POOLING_TYPE_NONE = 0;
    public const int LLAMA_POOLING_TYPE_MEAN = 1;
    public const int LLAMA_POOLING_TYPE_CLS = 2;
    public const int LLAMA_POOLING_TYPE_LAST = 3;
    public const int LLAMA_POOLING_TYPE_RANK = 4;

    public const int LLAMA_FLASH_ATTN_TYPE_AUTO = -1;
    public const int LLAMA_FLASH_ATTN_TYPE_DISABLED = 0;

    public const int LLAMA_ROPE_TYPE_NONE = -1;

    public const int LLAMA_VOCAB_TYPE_NONE = 0;
    public const int LLAMA_VOCAB_TYPE_SPM = 1;
    public const int LLAMA_VOCAB_TYPE_WPM = 3;

    public const int LLAMA_TOKEN_ATTR_CONTROL = 1 << 3;
    public const int LLAMA_TOKEN_ATTR_USER_DEFINED = 1 << 4;

    public const int LLAMA_KV_OVERRIDE_TYPE_BOOL = 2;

    public const int GGML_TYPE_F32 = 0;
    public const int GGML_TYPE_F16 = 1;
    public const int GGML_TYPE_Q8_0 = 8;

    public const int GGML_LOG_LEVEL_DEBUG = 1;
    public const int GGML_LOG_LEVEL_INFO = 2;
    public const int GGML_LOG_LEVEL_WARN = 3;
    public const int GGML_LOG_LEVEL_ERROR = 4;
    public const int GGML_LOG_LEVEL_CONT = 5;

    public const uint LLAMA_DEFAULT_SEED = 0xFFFFFFFF;

    /// <summary>What <c>llama_decode</c> returns if no KV cells were free.</summary>
    public const int DecodeNoKvSlot = 1;

    /// <summary>What <c>llama_decode</c> returns if the abort callback stopped it.</summary>
    public const int DecodeAborted = 2;
}
