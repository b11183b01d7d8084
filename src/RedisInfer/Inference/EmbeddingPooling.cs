namespace RedisInfer.Inference;

/// <summary>How a model turns the embeddings of a text's tokens into one vector (GGUF's <c>&lt;arch&gt;.pooling_type</c>).</summary>
public enum EmbeddingPooling
{
    /// <summary>No pooling: the model is not an embedding model.</summary>
    None,

    /// <summary>The mean of the embeddings of all tokens.</summary>
    Mean,

    /// <summary>The embedding of the first token.</summary>
    Cls,

    /// <summary>The embedding of the last token.</summary>
    Last,

    /// <summary>A classification head: the model is a re-ranker and gives no embeddings.</summary>
    Rank,
}
