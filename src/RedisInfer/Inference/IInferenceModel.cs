namespace RedisInfer.Inference;

/// <summary>
/// Loaded weights. Members may be called from several threads at once, except <see cref="IDisposable.Dispose"/>, which comes
/// last: contexts and samplers created from the model keep it alive until they are disposed of.
/// </summary>
public interface IInferenceModel : IDisposable
{
    /// <summary>What the model says of itself.</summary>
    ModelInfo Info { get; }

    /// <summary>Its tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>Bounds the size of a saved KV state.</summary>
    /// <param name="options">The context that saves.</param>
    /// <param name="tokenCount">Tokens of the state; 0: what a state takes apart from its tokens.</param>
    /// <returns>Bytes that <see cref="IInferenceContext.SaveState"/> writes at most. Grows linearly with the tokens.</returns>
    long GetMaxStateBytes(ContextOptions options, int tokenCount);

    /// <summary>
    /// Identity of all that a saved state depends on besides its tokens: weights, engine release, and what of the options shapes the KV
    /// cache. A state is loaded only under the fingerprint it was saved under.
    /// </summary>
    /// <param name="options">The context that saves or loads.</param>
    /// <returns>A short text, the same in every process.</returns>
    string GetStateFingerprint(ContextOptions options);

    /// <summary>Creates a context: a KV cache and the buffers to compute with.</summary>
    /// <param name="options">Its limits.</param>
    /// <returns>The context; the caller disposes of it.</returns>
    /// <exception cref="Errors.RedisInferException">It cannot be created with these options.</exception>
    IInferenceContext CreateContext(ContextOptions options);

    /// <summary>Creates a sampler for one sequence.</summary>
    /// <param name="options">How to choose tokens.</param>
    /// <returns>The sampler; the caller disposes of it.</returns>
    ISampler CreateSampler(SamplingOptions options);

    /// <summary>Renders a conversation with the model's chat template.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addAssistantHeader">Whether to end with the header that makes the assistant speak.</param>
    /// <returns>The text to tokenize with special tokens on.</returns>
    /// <exception cref="Errors.RedisInferException">The model has no chat template, or one that is not known.</exception>
    string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader);
}
