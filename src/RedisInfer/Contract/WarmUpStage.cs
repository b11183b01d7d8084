namespace RedisInfer;

/// <summary>A stage of <see cref="RagRuntime.WarmUpAsync"/>.</summary>
public enum WarmUpStage
{
    /// <summary>Connects to Redis, or starts the embedded server.</summary>
    Connecting,

    /// <summary>Loads the model that generates answers.</summary>
    LoadingModel,

    /// <summary>Loads the embedding model.</summary>
    LoadingEmbeddingModel,

    /// <summary>Everything is loaded.</summary>
    Ready,

    /// <summary>Loads the re-ranker.</summary>
    LoadingRerankModel,
}
