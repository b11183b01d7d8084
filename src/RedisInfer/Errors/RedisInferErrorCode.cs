namespace RedisInfer.Errors;

/// <summary>What went wrong, for code that decides by it. The message of the exception says it to a person.</summary>
public enum RedisInferErrorCode
{
    /// <summary>The options do not make sense; the message lists every problem found.</summary>
    InvalidOptions,

    /// <summary>The model file is missing, is no GGUF, is truncated, or is of a kind that cannot serve the purpose asked for.</summary>
    ModelNotLoadable,

    /// <summary>The llama.cpp libraries for this platform were not found or could not be opened.</summary>
    NativeLibraryMissing,

    /// <summary>The llama.cpp libraries found have another binary interface than the one this package was built against.</summary>
    NativeAbiMismatch,

    /// <summary>The request queue is full and the host chose to refuse.</summary>
    QueueFull,

    /// <summary>Model, KV cache and store together need more memory than there is.</summary>
    OverBudget,

    /// <summary>The prompt does not fit into the context window, not even without passages.</summary>
    ContextTooLong,

    /// <summary>The stored index was made with another embedding, tokenizer or format.</summary>
    IndexMismatch,

    /// <summary>Redis cannot be reached, refuses the connection, or lacks a command that is needed.</summary>
    StoreUnavailable,

    /// <summary>A stored record or KV state is damaged or was made by something else.</summary>
    StateCorrupt,

    /// <summary>llama.cpp could not decode a batch.</summary>
    DecodeFailed,

    /// <summary>A document cannot be read or indexed.</summary>
    DocumentNotReadable,
}
