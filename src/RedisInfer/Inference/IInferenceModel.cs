namespace RedisInfer.Inference;

/// <summary>
/// Loaded weights. Members may be called from several threads at once, except <see cref="IDisposable.Dispose"/>, which must come last.
/// Contexts and samplers created from the model keep it alive until they are disposed of.
/// </summary>
public interface IInferenceModel : IDisposable
{
    /// <summary>Description of the model.</summary>
    ModelInfo Info { get; }

    /// <summary>The model's tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>Returns an upper bound for the size of a saved KV state.</summary>
    /// <param name="options">The context that saves.</param>
    /// <param name="tokenCount">Number of tokens in the state; 0: the size of a state without its tokens.</param>
    /// <returns>Maximum number of bytes that <see cref="IInferenceContext.SaveState"/> writes. Grows linearly with the tokens.</returns>
    long GetMaxStateBytes(ContextOptions options, int tokenCount);

    /// <summary>Returns the length of the longest sequence that a context can hold.</summary>
    /// <param name="options">The context.</param>
    /// <returns>
    /// Tokens: <see cref="ContextOptions.ContextSize"/>, or the share of one sequence if each has cells of its own
    /// (<see cref="ContextOptions.SeparateSequences"/>).
    /// </returns>
    int GetMaxSequenceLength(ContextOptions options);

    /// <summary>
    /// Identity of everything that a saved KV state depends on besides its tokens: weights, engine release, and the options that shape the
    /// KV cache. A state is loaded only under the fingerprint under which it was saved.
    /// </summary>
    /// <param name="options">The context that saves or loads.</param>
    /// <returns>A short text, the same in every process.</returns>
    string GetStateFingerprint(ContextOptions options);

    /// <summary>Creates a context: a KV cache and the buffers to compute with.</summary>
    /// <param name="options">Its settings.</param>
    /// <returns>The context; the caller disposes of it.</returns>
    /// <exception cref="Errors.RedisInferException">The context cannot be created with these options.</exception>
    IInferenceContext CreateContext(ContextOptions options);

    /// <summary>Creates a sampler for one sequence.</summary>
    /// <param name="options">How to choose tokens.</param>
    /// <returns>The sampler; the caller disposes of it.</returns>
    ISampler CreateSampler(SamplingOptions options);

    /// <summary>
    /// Renders a conversation for a model without <see cref="ModelInfo.ChatTemplate"/>. Called only for such a model. An engine whose models
    /// have a format of their own implements it; by default it throws.
    /// </summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addAssistantHeader">Whether to end with the header that starts an assistant turn.</param>
    /// <returns>The text, to be tokenized with special tokens on.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>: the model has no chat template.
    /// </exception>
    string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) => throw Info.ChatFormat.NoTemplate();
}
