namespace RedisInfer;

/// <summary>Why an answer ended.</summary>
public enum RagFinishReason
{
    /// <summary>The model ended the answer, or a stop sequence was generated.</summary>
    Stop,

    /// <summary>The limit of generated tokens was reached, or the context window was full.</summary>
    Length,

    /// <summary>No passage was retrieved. The model was not used, and the text is <see cref="RedisInferOptions.NoContextText"/>.</summary>
    NoContext,
}
