using RedisInfer.Inference;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>The KV cache of an <see cref="EchoModel"/>: the tokens of each sequence.</summary>
public sealed class EchoContext : IInferenceContext
{
    private readonly EchoModel _model;
    private readonly List<int>[] _sequences;
    private readonly Dictionary<int, (int Token, List<int> Tokens)> _nextTokens = [];
    private int _entered;

    internal EchoContext(EchoModel model, ContextOptions options)
    {
        _model = model;
        ContextSize = options.ContextSize;
        BatchSize = options.BatchSize;
        MaxSequences = options.MaxSequences;
        _sequences = [.. Enumerable.Range(0, MaxSequences).Select(_ => new List<int>())];
    }

    public int ContextSize { get; }

    public int BatchSize { get; }

    public int MaxSequences { get; }

    /// <summary>Cells in use.</summary>
    public int UsedCells => _sequences.Sum(sequence => sequence.Count);

    /// <summary>The most sequences that one decode had tokens of.</summary>
    public int MostSequencesInABatch { get; private set; }

    public bool Disposed { get; private set; }

    public DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _entered, 1) != 0)
        {
            throw new InvalidOperationException("Two threads are in the context.");
        }

        try
        {
            _model.BeforeDecode?.Invoke(batch, cancellationToken);
            return DecodeChecked(batch, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _entered, 0);
        }
    }

    public ReadOnlySpan<float> GetLogits(int row) => throw new NotSupportedException();

    public int Sample(ISampler sampler, int row)
    {
        (int token, List<int> tokens) = _nextTokens[row];
        _model.BeforeSample?.Invoke(CharTokenizer.Read(tokens.ToArray()));
        return token;
    }

    public ReadOnlySpan<float> GetEmbedding(int sequence) => throw new NotSupportedException();

    public int GetSequenceLength(int sequence) => _sequences[sequence].Count;

    public void RemoveSequence(int sequence, int start = 0, int end = -1)
    {
        List<int> tokens = _sequences[sequence];
        int stop = end < 0 ? tokens.Count : Math.Min(end, tokens.Count);
        if (start < stop)
        {
            tokens.RemoveRange(start, stop - start);
        }
    }

    public void CopySequence(int source, int destination, int start = 0, int end = -1) => throw new NotSupportedException();

    public void ShiftSequence(int sequence, int start, int end, int delta) => throw new NotSupportedException();

    public long GetStateSize(int sequence) => throw new NotSupportedException();

    public int SaveState(int sequence, Span<byte> destination) => throw new NotSupportedException();

    public void LoadState(int sequence, ReadOnlySpan<byte> state) => throw new NotSupportedException();

    public void Dispose() => Disposed = true;

    private DecodeResult DecodeChecked(TokenBatch batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, BatchSize);
        if (UsedCells + batch.Count > ContextSize)
        {
            return DecodeResult.KvCacheFull;
        }

        _nextTokens.Clear();
        MostSequencesInABatch = Math.Max(MostSequencesInABatch, batch.Sequences.ToArray().Distinct().Count());
        for (int row = 0; row < batch.Count; row++)
        {
            // Half of an aborted batch stays behind, as finished micro-batches do.
            if (cancellationToken.IsCancellationRequested && row >= batch.Count / 2)
            {
                return DecodeResult.Aborted;
            }

            List<int> tokens = _sequences[batch.Sequences[row]];
            if (batch.Positions[row] != tokens.Count)
            {
                throw new ArgumentException($"Position {batch.Positions[row]} does not continue at {tokens.Count}.");
            }

            tokens.Add(batch.Tokens[row]);
            if (batch.Outputs[row])
            {
                _nextTokens[row] = (NextToken(tokens), tokens);
            }
        }

        return DecodeResult.Done;
    }

    private static int NextToken(List<int> tokens)
    {
        int promptLength = tokens.IndexOf(EchoModel.EndOfPrompt) + 1;
        int echo = tokens[tokens.Count - promptLength];
        return echo == EchoModel.EndOfPrompt ? CharTokenizer.EndOfText : echo;
    }
}
