namespace RedisInfer;

/// <summary>A step of getting ready.</summary>
public enum WarmUpStage
{
    /// <summary>Connecting to Redis, or starting the embedded server.</summary>
    Connecting,

    /// <summary>Loading the model that answers.</summary>
    LoadingModel,

    /// <summary>Loading the embedding model.</summary>
    LoadingEmbeddingModel,

    /// <summary>Everything is ready.</summary>
    Ready,
}
