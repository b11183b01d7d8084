namespace RedisInfer.Errors;

/// <summary>Kind of an error, for code. The message of the exception is for a person.</summary>
public enum RedisInferErrorCode
{
    /// <summary>The options are invalid. The message lists every problem.</summary>
    InvalidOptions,

    /// <summary>
    /// The model file is missing, is not a GGUF file, is truncated, or is of a kind that cannot be used for this purpose.
    /// </summary>
    ModelNotLoadable,

    /// <summary>The llama.cpp libraries for this platform are missing or cannot be loaded.</summary>
    NativeLibraryMissing,

    /// <summary>The llama.cpp libraries have another binary interface than the one that this package was built against.</summary>
    NativeAbiMismatch,

    /// <summary>The request queue is full, and the request was refused at once or after its wait.</summary>
    QueueFull,

    /// <summary>Models, KV cache and store together need more memory than available; or the Redis server is out of memory.</summary>
    OverBudget,

    /// <summary>
    /// The prompt does not fit into the context window, even with the best passage only. Or the shortest answer by a JSON schema does not fit
    /// into what is left.
    /// </summary>
    ContextTooLong,

    /// <summary>The stored index was made with another embedding, tokenizer or format.</summary>
    IndexMismatch,

    /// <summary>Redis cannot be reached, refuses the connection, lacks a required command, or reports an error.</summary>
    StoreUnavailable,

    /// <summary>A stored record or KV state is damaged, or was written by other software.</summary>
    StateCorrupt,

    /// <summary>The engine could not compute a batch.</summary>
    DecodeFailed,

    /// <summary>A document cannot be read or indexed.</summary>
    DocumentNotReadable,

    /// <summary>The caller read nothing of its answer for too long, and the answer was ended.</summary>
    ReaderTimeout,

    /// <summary>The embedding generator fails for every text, so its service is probably away.</summary>
    EmbeddingUnavailable,

    /// <summary>
    /// The host of a cluster that answered was lost, and no other host can continue the answer. It had begun, and its sampling is random. Or there
    /// is no other host.
    /// </summary>
    AnswerInterrupted,
}
