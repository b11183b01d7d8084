namespace RedisInfer;

/// <summary>Why an answer ended.</summary>
public enum RagFinishReason
{
    /// <summary>The model ended the answer, or a stop sequence was generated.</summary>
    Stop,

    /// <summary>
    /// The limit of generated tokens was reached, or the context window was full. An answer in a <see cref="RagRequest.ResponseFormat"/> is
    /// complete even then, but shorter than the model would have written it.
    /// </summary>
    Length,

    /// <summary>No passage was retrieved. The model was not used, and the text is <see cref="RedisInferOptions.NoContextText"/>.</summary>
    NoContext,

    /// <summary>
    /// It ended within the model's thoughts, so there is no answer: the limit of generated tokens was reached, or the model stopped. Raise
    /// MaxOutputTokens, or set MaxReasoningTokens.
    /// </summary>
    Reasoning,
}
