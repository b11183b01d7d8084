namespace RedisInfer.Inference;

/// <summary>
/// Tokens to decode together, from one or several sequences. Columns are parallel arrays with one row per token. A batch is reused between
/// steps, so that decoding allocates nothing. Not thread-safe.
/// </summary>
public sealed class TokenBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly bool[] _outputs;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="capacity">Maximum number of tokens; at most the context's <see cref="ContextOptions.BatchSize"/>.</param>
    public TokenBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _tokens = new int[capacity];
        _positions = new int[capacity];
        _sequences = new int[capacity];
        _outputs = new bool[capacity];
    }

    /// <summary>Maximum number of tokens.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Number of tokens in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Token ids, one per row.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Position of each token in its sequence, from 0.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Sequence id of each token.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>Whether each row asks for output (logits or an embedding).</summary>
    public ReadOnlySpan<bool> Outputs => _outputs.AsSpan(0, Count);

    /// <summary>Adds one token.</summary>
    /// <param name="token">Token id.</param>
    /// <param name="position">Position in its sequence, from 0.</param>
    /// <param name="sequence">Sequence id.</param>
    /// <param name="output">Whether the row asks for logits.</param>
    /// <returns>The row, for reading its logits.</returns>
    public int Add(int token, int position, int sequence, bool output)
    {
        if (Count == Capacity)
        {
            throw new InvalidOperationException($"The batch is full: it already holds {Capacity} tokens.");
        }

        int row = Count++;
        _tokens[row] = token;
        _positions[row] = position;
        _sequences[row] = sequence;
        _outputs[row] = output;
        return row;
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => Count = 0;
}
