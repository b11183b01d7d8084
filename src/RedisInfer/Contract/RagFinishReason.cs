namespace RedisInfer;

/// <summary>Why an answer ended.</summary>
public enum RagFinishReason
{
    /// <summary>The model had finished, or a stop sequence came.</summary>
    Stop,

    /// <summary>The most tokens allowed were generated, or the context window was full.</summary>
    Length,

    /// <summary>
    /// Nothing was retrieved, so the model was not asked: the text is <see cref="RedisInferOptions.NoContextText"/>.
    /// </summary>
    NoContext,
}
