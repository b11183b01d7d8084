using System.Runtime.InteropServices;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Tests.Support.Inference;

/// <summary>The KV cache of an <see cref="EchoModel"/>. Each cell holds one token, and sequences share cells as in llama.cpp.</summary>
public sealed class EchoContext : IInferenceContext
{
    private readonly EchoModel _model;
    private readonly SortedList<int, Cell>[] _sequences;
    private readonly Dictionary<int, (int Token, int[] Tokens)> _nextTokens = [];
    private int _entered;

    internal EchoContext(EchoModel model, ContextOptions options)
    {
        _model = model;
        ContextSize = options.ContextSize;
        BatchSize = options.BatchSize;
        MaxSequences = options.MaxSequences;
        _sequences = [.. Enumerable.Range(0, MaxSequences).Select(_ => new SortedList<int, Cell>())];
    }

    public int ContextSize { get; }

    public int BatchSize { get; }

    public int MaxSequences { get; }

    public int PreferredRows => 64;

    public bool CanSplitSequences => _model.CanSplitSequences;

    /// <summary>Number of cells in use.</summary>
    public int UsedCells => _sequences.SelectMany(sequence => sequence.Values).Distinct().Count();

    /// <summary>The largest number of sequences with tokens in one decode.</summary>
    public int MostSequencesInABatch { get; private set; }

    public bool Disposed { get; private set; }

    public DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _entered, 1) != 0)
        {
            throw new InvalidOperationException("Two threads use the context at once.");
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

    public ReadOnlySpan<float> GetLogits(int row)
    {
        float[] logits = new float[_model.Tokenizer.VocabularySize];
        logits[_nextTokens[row].Token] = 1;
        return logits;
    }

    public int Sample(ISampler sampler, int row)
    {
        (int token, int[] tokens) = _nextTokens[row];
        _model.BeforeSample?.Invoke(CharTokenizer.Read(tokens));
        return token;
    }

    public ReadOnlySpan<float> GetEmbedding(int sequence) => throw new NotSupportedException();

    public int GetSequenceLength(int sequence) => Length(_sequences[sequence]);

    public void RemoveSequence(int sequence, int start = 0, int end = -1)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        if (!CanSplitSequences && start > 0 && start < Length(_sequences[sequence]))
        {
            throw new ArgumentException($"The state of sequence {sequence} cannot go back to position {start}.");
        }

        foreach (int position in Positions(sequence, start, end))
        {
            _sequences[sequence].Remove(position);
        }
    }

    public void CopySequence(int source, int destination, int start = 0, int end = -1)
    {
        foreach (int position in Positions(source, start, end))
        {
            _sequences[destination].Add(position, _sequences[source][position]);
        }
    }

    public void ShiftSequence(int sequence, int start, int end, int delta)
    {
        HashSet<Cell> others = [.. _sequences.Where(other => other != _sequences[sequence]).SelectMany(other => other.Values)];
        if (_sequences[sequence].Values.Any(others.Contains))
        {
            throw new ArgumentException($"Sequence {sequence} shares cells with another sequence.");
        }

        KeyValuePair<int, Cell>[] moved = [.. Positions(sequence, start, end).Select(position => KeyValuePair.Create(position, _sequences[sequence][position]))];
        RemoveSequence(sequence, start, end);
        foreach ((int position, Cell cell) in moved)
        {
            _sequences[sequence].Add(position + delta, cell);
        }
    }

    public long GetStateSize(int sequence) => _sequences[sequence].Count * 2L * sizeof(int);

    public int SaveState(int sequence, Span<byte> destination)
    {
        int[] state = [.. _sequences[sequence].SelectMany(pair => new[] { pair.Key, pair.Value.Token })];
        MemoryMarshal.AsBytes(state.AsSpan()).CopyTo(destination);
        return state.Length * sizeof(int);
    }

    public void LoadState(int sequence, ReadOnlySpan<byte> state)
    {
        _sequences[sequence].Clear();
        ReadOnlySpan<int> pairs = MemoryMarshal.Cast<byte, int>(state);
        if (UsedCells + (pairs.Length / 2) > ContextSize)
        {
            throw new RedisInferException(RedisInferErrorCode.StateCorrupt, "The context has too few free cells for the state.");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            _sequences[sequence].Add(pairs[i], new Cell(pairs[i + 1]));
        }
    }

    public void Dispose() => Disposed = true;

    private static int Length(SortedList<int, Cell> sequence) => sequence.Count == 0 ? 0 : sequence.GetKeyAtIndex(sequence.Count - 1) + 1;

    private int[] Positions(int sequence, int start, int end) =>
        [.. _sequences[sequence].Keys.Where(position => position >= start && (end < 0 || position < end))];

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
            // The first half of an aborted batch stays in the cache, as finished micro-batches do.
            if (cancellationToken.IsCancellationRequested && row >= batch.Count / 2)
            {
                return DecodeResult.Aborted;
            }

            SortedList<int, Cell> cells = _sequences[batch.Sequences[row]];
            if (batch.Positions[row] != Length(cells) || Length(cells) != cells.Count)
            {
                throw new ArgumentException($"Position {batch.Positions[row]} does not continue {cells.Count} cells that end at {Length(cells)}.");
            }

            cells.Add(batch.Positions[row], new Cell(batch.Tokens[row]));
            if (batch.Outputs[row])
            {
                int[] tokens = [.. cells.Values.Select(cell => cell.Token)];
                _nextTokens[row] = (NextToken(tokens), tokens);
            }
        }

        return DecodeResult.Done;
    }

    private static int NextToken(int[] tokens)
    {
        int promptLength = Array.IndexOf(tokens, EchoModel.EndOfPrompt) + 1;
        int echo = tokens[tokens.Length - promptLength];
        return echo == EchoModel.EndOfPrompt ? CharTokenizer.EndOfText : echo;
    }

    private sealed class Cell(int token)
    {
        public int Token { get; } = token;
    }
}
