using RedisInfer.Inference;

namespace RedisInfer.Llama;

/// <summary>Checks batches before native code sees them, which would end the process at a wrong one.</summary>
internal sealed class BatchCheck(ContextLimits limits, SequenceTable sequences, int vocabularySize)
{
    // While a batch is checked: the next position of each sequence.
    private readonly int[] _next = new int[limits.MaxSequences];

    /// <summary>Checks a batch.</summary>
    /// <exception cref="ArgumentException">It cannot be decoded.</exception>
    internal void Check(TokenBatch batch)
    {
        if (batch.Count == 0 || batch.Count > limits.BatchSize)
        {
            throw new ArgumentException(
                $"The batch holds {batch.Count} tokens, but the context takes 1 to {limits.BatchSize}.", nameof(batch));
        }

        for (int sequence = 0; sequence < limits.MaxSequences; sequence++)
        {
            _next[sequence] = limits.IsPooled ? 0 : sequences[sequence].Length;
        }

        int outputs = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            CheckRow(batch, row);
            outputs += batch.Outputs[row] ? 1 : 0;
        }

        if (outputs > limits.MaxOutputRows)
        {
            throw new ArgumentException(
                $"{outputs} rows ask for output, but a batch of this context may have {limits.MaxOutputRows} such rows.", nameof(batch));
        }
    }

    private void CheckRow(TokenBatch batch, int row)
    {
        int token = batch.Tokens[row];
        int sequence = batch.Sequences[row];
        int position = batch.Positions[row];
        if (token < 0 || token >= vocabularySize)
        {
            throw new ArgumentException(
                $"Row {row}: token {token} is not in the vocabulary of {vocabularySize} tokens.", nameof(batch));
        }

        if (sequence < 0 || sequence >= limits.MaxSequences)
        {
            throw new ArgumentException(
                $"Row {row}: there is no sequence {sequence}; the context has {limits.MaxSequences} sequences.", nameof(batch));
        }

        if (position != unchecked(_next[sequence]++))
        {
            throw new ArgumentException(
                $"Row {row}: position {position} of sequence {sequence} does not follow the last one; give position {unchecked(_next[sequence] - 1)}.",
                nameof(batch));
        }

        if (position >= limits.PositionLimit)
        {
            throw new ArgumentException(
                $"Row {row}: position {position} is beyond the {limits.PositionLimit} tokens that the model takes.", nameof(batch));
        }
    }
}
