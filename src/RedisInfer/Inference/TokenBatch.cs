namespace RedisInfer.Inference;

/// <summary>
/// Tokens to decode together, of one or several sequences. Columns are parallel arrays, one row a token; reused between
/// steps, so that decoding allocates nothing. Not thread-safe.
/// </summary>
public sealed class TokenBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly bool[] _outputs;

    /// <summary>Creates an empty batch.</summary>
    /// <param name="capacity">Most tokens it can hold; at most the context's <see cref="ContextOptions.BatchSize"/>.</param>
    public TokenBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _tokens = new int[capacity];
        _positions = new int[capacity];
        _sequences = new int[capacity];
        _outputs = new bool[capacity];
    }

    /// <summary>Most tokens it can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Tokens in it.</summary>
    public int Count { get; private set; }

    /// <summary>Token ids, one a row.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Position of each token in its sequence, from 0.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Sequence of each token.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>Whether logits (or an embedding) are wanted of each row.</summary>
    public ReadOnlySpan<bool> Outputs => _outputs.AsSpan(0, Count);

    /// <summary>Adds one token.</summary>
    /// <param name="token">Token id.</param>
    /// <param name="position">Position in its sequence, from 0.</param>
    /// <param name="sequence">Sequence id.</param>
    /// <param name="output">Whether logits are wanted of this row.</param>
    /// <returns>The row, to read the logits by.</returns>
    public int Add(int token, int position, int sequence, bool output)
    {
        if (Count == Capacity)
        {
            throw new InvalidOperationException($"The batch holds its {Capacity} tokens already.");
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
