namespace RedisInfer.Inference;

/// <summary>Description of a loaded model.</summary>
public sealed record ModelInfo
{
    /// <summary>Name of the engine that runs the model, for example <c>llama.cpp</c>. Metrics report it as the provider.</summary>
    public required string Engine { get; init; }

    /// <summary>Path of the file that the model was loaded from.</summary>
    public required string Path { get; init; }

    /// <summary>GGUF's <c>general.architecture</c>, for example <c>qwen3</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>GGUF's <c>general.name</c>, or the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Context length that the model was trained with, in tokens.</summary>
    public required int TrainedContextSize { get; init; }

    /// <summary>Length of the model's embedding vectors.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Number of tokens in the vocabulary. Every token id is below it.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Size of all tensors in memory, in bytes.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Number of parameters.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>How token embeddings become one vector; <see cref="EmbeddingPooling.None"/> for a model that generates text.</summary>
    public required EmbeddingPooling Pooling { get; init; }

    /// <summary>Whether the model can generate text (a causal decoder with an output layer).</summary>
    public required bool CanGenerate { get; init; }

    /// <summary>Whether the model has a classification head that gives a score to two texts (a re-ranker).</summary>
    public bool CanRank { get; init; }

    /// <summary>
    /// The template stored in a re-ranker, with <c>{query}</c> and <c>{document}</c> where the two texts belong. <see langword="null"/>: it
    /// takes a pair of texts with <see cref="ITokenizer.PairTokens"/> between them.
    /// </summary>
    public string? RerankTemplate { get; init; }

    /// <summary>The chat template stored in the model (Jinja source), if it has one. The library runs it.</summary>
    public required string? ChatTemplate { get; init; }

    /// <summary>Text of the token that begins a text, which chat templates call <c>bos_token</c>. Empty: the model has none.</summary>
    public string BeginOfText { get; init; } = "";

    /// <summary>Text of the token that ends a text, which chat templates call <c>eos_token</c>. Empty: the model has none.</summary>
    public string EndOfText { get; init; } = "";

    /// <summary>The form of the model's conversations.</summary>
    internal ChatFormat ChatFormat => new(Path, ChatTemplate, BeginOfText, EndOfText);

    /// <summary>
    /// Identity of weights, vocabulary and engine release, as 32 hexadecimal digits. Data stored under one fingerprint is never read under
    /// another.
    /// </summary>
    public required string Fingerprint { get; init; }
}
