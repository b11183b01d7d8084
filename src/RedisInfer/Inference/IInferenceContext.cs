using System.Numerics.Tensors;
using RedisInfer.Errors;

namespace RedisInfer.Inference;

/// <summary>
/// A KV cache and the buffers to compute with. One thread owns it: no two members may run at the same time. Arguments are checked before
/// native code sees them. A wrong argument throws an <see cref="ArgumentException"/> and changes nothing.
/// </summary>
public interface IInferenceContext : IDisposable
{
    /// <summary>Number of KV cells of all sequences, one token each.</summary>
    int ContextSize { get; }

    /// <summary>Maximum number of tokens in one batch.</summary>
    int BatchSize { get; }

    /// <summary>Number of KV cells that one sequence can have: all, or its share if each has cells of its own.</summary>
    int MaxSequenceLength { get; }

    /// <summary>Number of sequences. Sequence ids run from 0 to <c>MaxSequences - 1</c>.</summary>
    int MaxSequences { get; }

    /// <summary>
    /// Whether parts of sequences can be removed and saved. <see langword="false"/> if a model's memory is not only an attention
    /// KV cache.
    /// </summary>
    bool CanSplitSequences { get; }

    /// <summary>
    /// Minimum number of rows in a batch that the engine computes at its lowest cost per row; 1 if any number is as good. The last slice
    /// of a long prompt is not made shorter.
    /// </summary>
    int PreferredRows { get; }

    /// <summary>Computes a batch and adds its tokens to the KV cache.</summary>
    /// <param name="batch">
    /// The tokens. The positions of each sequence continue at its current length. At most as many rows may ask for output as there are
    /// sequences, or 32 if that is more.
    /// </param>
    /// <param name="cancellationToken">Stops the computation between two operations (12-150 ms).</param>
    /// <returns>How the decode ended.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.DecodeFailed"/>.</exception>
    DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken);

    /// <summary>Returns the logits of a row of the last batch. The row must have asked for output.</summary>
    /// <param name="row">The row, as <see cref="TokenBatch.Add"/> returned it.</param>
    /// <returns>One number per token of the vocabulary, valid until the next decode.</returns>
    /// <exception cref="ArgumentException">The row asked for no output, or the batch has no such row.</exception>
    ReadOnlySpan<float> GetLogits(int row);

    /// <summary>Chooses a token from the logits of a row and records it in the sampler.</summary>
    /// <param name="sampler">A sampler of the same model.</param>
    /// <param name="row">A row of the last batch, which must have asked for output.</param>
    /// <returns>The token.</returns>
    int Sample(ISampler sampler, int row);

    /// <summary>
    /// Chooses a token that a filter allows. What the sampler chooses is taken if the filter allows it; the whole vocabulary is filtered only
    /// if not. An engine whose sampler can then choose among the tokens that are left implements it; by default the likeliest is taken.
    /// </summary>
    /// <param name="sampler">A sampler of the same model.</param>
    /// <param name="row">A row of the last batch, which must have asked for output.</param>
    /// <param name="filter">Which tokens may be chosen.</param>
    /// <returns>The token. The filter allows it.</returns>
    /// <exception cref="RedisInferException">No token may be chosen.</exception>
    int Sample(ISampler sampler, int row, ITokenFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        int token = Sample(sampler, row);
        if (filter.Allows(token))
        {
            return token;
        }

        float[] logits = GetLogits(row).ToArray();
        filter.Restrict(logits);
        int likeliest = TensorPrimitives.IndexOfMax<float>(logits);
        return float.IsFinite(logits[likeliest])
            ? likeliest
            : throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "No token can be chosen: the logits of all that are allowed are not finite.");
    }

    /// <summary>Returns the pooled embedding of a sequence after a decode. Needs <see cref="ContextOptions.Embeddings"/>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The vector as the model gives it (not normalized), valid until the next decode.</returns>
    ReadOnlySpan<float> GetEmbedding(int sequence);

    /// <summary>
    /// Returns the score of a sequence after a decode: how well its two texts fit, by the model's classification head. Needs
    /// <see cref="ContextOptions.Ranking"/>.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The score; higher is better. Its range depends on the model. It may be no finite number.</returns>
    /// <exception cref="ArgumentException">The context computes no scores, or the last batch has no token of the sequence.</exception>
    float GetScore(int sequence) => throw new ArgumentException("The context computes no scores.", nameof(sequence));

    /// <summary>Returns the length of a sequence: one above its last position; 0 if it is empty.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The length in tokens.</returns>
    int GetSequenceLength(int sequence);

    /// <summary>Removes positions of a sequence from the KV cache.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    void RemoveSequence(int sequence, int start = 0, int end = -1);

    /// <summary>
    /// Shares positions of one sequence with another. Cells are not copied. The destination must not hold any of these positions.
    /// </summary>
    /// <param name="source">The sequence to share.</param>
    /// <param name="destination">The sequence that gets the positions.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    /// <exception cref="ArgumentException">Each sequence has cells of its own.</exception>
    void CopySequence(int source, int destination, int start = 0, int end = -1);

    /// <summary>
    /// Shifts positions of a sequence. Keys are rotated to their new positions before they are used or saved. The shifted positions must
    /// not collide with positions that stay.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    /// <param name="delta">Distance of the shift, in positions.</param>
    /// <exception cref="ArgumentException">
    /// Another sequence shares the cells and would be shifted as well. Or the model's KV cache cannot be shifted.
    /// </exception>
    void ShiftSequence(int sequence, int start, int end, int delta);

    /// <summary>Returns the size of a sequence's KV state.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Bytes that <see cref="SaveState"/> writes.</returns>
    long GetStateSize(int sequence);

    /// <summary>
    /// Writes a sequence's KV state. If the sequence has a pending shift, the shift is applied first, and logits of the last batch are
    /// lost.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="destination">At least <see cref="GetStateSize"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">
    /// The context computes embeddings, or the model's memory is not an attention KV cache.
    /// </exception>
    int SaveState(int sequence, Span<byte> destination);

    /// <summary>
    /// Replaces a sequence with a saved KV state. The state must come from a context of the same model, engine release and KV settings.
    /// Callers keep it in an envelope that proves this. Logits are not part of it: decode at least one token afterwards. Keys and values of
    /// any finite size are loaded, but huge ones may make the sequence compute logits that are not finite. Its cells then spoil whatever
    /// sequence gets them later: dispose of the context, and create another.
    /// </summary>
    /// <param name="sequence">The sequence. Its former content is lost, even if the state is refused.</param>
    /// <param name="state">What <see cref="SaveState"/> wrote.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>: the state is refused. The sequence is then empty.
    /// </exception>
    void LoadState(int sequence, ReadOnlySpan<byte> state);

    /// <summary>
    /// Saves runs of positions of a sequence as separate states. Costs about as much as saving the whole sequence once. Pending shifts are
    /// applied first, and logits of the last batch are then lost.
    /// </summary>
    /// <param name="sequence">The sequence. It is not longer than a state of 2 GiB.</param>
    /// <param name="runs">The runs. The sequence must hold all positions of each, and its memory must have room for the state.</param>
    /// <returns>The bytes written for each run.</returns>
    /// <exception cref="ArgumentException">As for <see cref="SaveState"/>.</exception>
    int[] SaveStates(int sequence, IReadOnlyList<KvStateRun> runs);

    /// <summary>Replaces a sequence with saved KV states, one after the other. As for <see cref="LoadState"/>.</summary>
    /// <param name="sequence">The sequence. Its former content is lost, even if a state is refused.</param>
    /// <param name="states">States of runs of positions that follow each other. Together they have at most 2 GiB.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.StateCorrupt"/>: a state is refused. The sequence is then empty.
    /// </exception>
    void LoadStates(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states);
}
