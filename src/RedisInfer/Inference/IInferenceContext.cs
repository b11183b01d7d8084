namespace RedisInfer.Inference;

/// <summary>
/// A KV cache and the buffers to compute with. Owned by one thread: no two members may run at the same time. Arguments
/// are checked before native code sees them; a wrong one is an <see cref="ArgumentException"/> and changes nothing.
/// </summary>
public interface IInferenceContext : IDisposable
{
    /// <summary>KV cells shared by all sequences, in tokens.</summary>
    int ContextSize { get; }

    /// <summary>Most tokens in one batch.</summary>
    int BatchSize { get; }

    /// <summary>Sequence ids run from 0 to one below it.</summary>
    int MaxSequences { get; }

    /// <summary>
    /// Whether parts of sequences can be shared, removed and saved. Not so where a model's memory is no attention cache alone.
    /// </summary>
    bool CanSplitSequences { get; }

    /// <summary>
    /// Least rows of a batch that the engine computes at its best price a row; 1 if any number is as good. The last slice of a long prompt
    /// is not made shorter.
    /// </summary>
    int PreferredRows { get; }

    /// <summary>Computes a batch and adds its tokens to the KV cache.</summary>
    /// <param name="batch">
    /// The tokens; each sequence's positions continue where it stands. As many rows may ask for output as there are sequences, or 32 where
    /// that is more.
    /// </param>
    /// <param name="cancellationToken">Stops the computation between operations (12-150 ms).</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.DecodeFailed"/>.</exception>
    DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken);

    /// <summary>Logits of a row of the last batch that asked for output.</summary>
    /// <param name="row">The row, as <see cref="TokenBatch.Add"/> returned it.</param>
    /// <returns>One number per token of the vocabulary, valid until the next decode.</returns>
    /// <exception cref="ArgumentException">The row asked for no output, or there is no such row.</exception>
    ReadOnlySpan<float> GetLogits(int row);

    /// <summary>Chooses a token by the logits of a row, and lets the sampler remember it.</summary>
    /// <param name="sampler">A sampler of the same model.</param>
    /// <param name="row">A row of the last batch that asked for output.</param>
    /// <returns>The token.</returns>
    int Sample(ISampler sampler, int row);

    /// <summary>The pooled embedding of a sequence, after a decode in a context made for embeddings.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The vector as the model gives it (not normalized), valid until the next decode.</returns>
    ReadOnlySpan<float> GetEmbedding(int sequence);

    /// <summary>Tokens a sequence holds: one above its last position; 0 where it is empty.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The length in tokens.</returns>
    int GetSequenceLength(int sequence);

    /// <summary>Removes positions of a sequence from the KV cache.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last; -1: to the end.</param>
    void RemoveSequence(int sequence, int start = 0, int end = -1);

    /// <summary>
    /// Lets another sequence share positions of one; cells are not copied. The destination must not hold any of them.
    /// </summary>
    /// <param name="source">The sequence to share.</param>
    /// <param name="destination">The sequence that gets the positions.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last; -1: to the end.</param>
    void CopySequence(int source, int destination, int start = 0, int end = -1);

    /// <summary>
    /// Moves positions of a sequence; keys are turned accordingly before they are used or saved. They must not meet positions that stay.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last; -1: to the end.</param>
    /// <param name="delta">How far, in positions.</param>
    /// <exception cref="InvalidOperationException">Another sequence shares its cells, which would move as well.</exception>
    /// <exception cref="NotSupportedException">The model's cache cannot be shifted.</exception>
    void ShiftSequence(int sequence, int start, int end, int delta);

    /// <summary>Size of a sequence's KV state.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Bytes that <see cref="SaveState"/> writes.</returns>
    long GetStateSize(int sequence);

    /// <summary>
    /// Writes a sequence's KV state. Where a shift of it is pending it is applied first, and logits of the last batch are gone.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="destination">At least <see cref="GetStateSize"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="NotSupportedException">The context computes embeddings, or the model's memory is no attention cache.</exception>
    int SaveState(int sequence, Span<byte> destination);

    /// <summary>
    /// Replaces a sequence by a saved state. The state must come from a context of the same model, engine release and KV
    /// settings: callers keep it in an envelope that proves so. Logits are not part of it: decode at least one token after.
    /// </summary>
    /// <param name="sequence">The sequence; its former content is lost, also when the state is refused.</param>
    /// <param name="state">What <see cref="SaveState"/> wrote.</param>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>: refused; the sequence is empty.</exception>
    void LoadState(int sequence, ReadOnlySpan<byte> state);
}
