namespace RedisInfer.Inference;

/// <summary>How a model turns the embeddings of a text's tokens into one vector (GGUF's <c>&lt;arch&gt;.pooling_type</c>).</summary>
public enum EmbeddingPooling
{
    /// <summary>Not an embedding model.</summary>
    None,

    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The first token.</summary>
    Cls,

    /// <summary>The last token.</summary>
    Last,

    /// <summary>A classification head: a re-ranker, no embedding.</summary>
    Rank,
}
