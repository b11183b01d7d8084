using System.Numerics.Tensors;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>
/// A llama.cpp context. Only one thread at a time may be in it. A second thread gets an exception and changes nothing, because native code
/// would corrupt its memory. The creator disposes of the context. Until then, handles keep alive what native code points to.
/// </summary>
internal sealed unsafe class LlamaContext : IInferenceContext
{
    private readonly LlamaModel _model;
    private readonly BoundContext _handle;
    private readonly LlamaBatchBuffer _buffer;
    private readonly ContextLimits _limits;
    private readonly SequenceTable _sequences;
    private readonly SequenceStates _states;
    private readonly BatchCheck _check;

    // Rows of the last batch that have output.
    private readonly bool[] _outputRows;

    private int _rowCount;
    private int _busy;

    internal LlamaContext(LlamaModel model, BoundContext handle, ContextLimits limits)
    {
        _model = model;
        _handle = handle;
        _limits = limits;
        _sequences = new SequenceTable(limits.MaxSequences);
        _states = new SequenceStates(handle, limits, _sequences, model.Info.Architecture);
        _outputRows = new bool[limits.BatchSize];
        _check = new BatchCheck(limits, _sequences, model.Info.VocabularySize);
        _buffer = new LlamaBatchBuffer(limits.BatchSize);
    }

    public int ContextSize => _limits.ContextSize;

    public int MaxSequenceLength => _limits.SequenceLength;

    public int BatchSize => _limits.BatchSize;

    public int MaxSequences => _limits.MaxSequences;

    // Attention is computed in tiles of this many rows. Fewer rows are computed one by one, at twice the time per row.
    public int PreferredRows => 64;

    public bool CanSplitSequences => _limits.CanSplit;

    public DecodeResult Decode(TokenBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using Occupancy occupancy = Enter();
        _check.Check(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return DecodeResult.Aborted;
        }

        if (cancellationToken.CanBeCanceled)
        {
            // An abort in the middle of a shift would leave some keys rotated, and the next shift would rotate all of them again.
            ApplyShifts();
        }

        int code = Compute(batch, cancellationToken);
        _sequences.ShiftsApplied();
        return Conclude(batch, code);
    }

    public ReadOnlySpan<float> GetLogits(int row)
    {
        using Occupancy occupancy = Enter();
        return LogitsOf(row);
    }

    public int Sample(ISampler sampler, int row)
    {
        LlamaSampler own = OwnSampler(sampler);
        using Occupancy occupancy = Enter();
        return own.Choose(_handle, row, LogitsOf(row));
    }

    public int Sample(ISampler sampler, int row, ITokenFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        LlamaSampler own = OwnSampler(sampler);
        using Occupancy occupancy = Enter();
        return own.Choose(_handle, row, LogitsOf(row), filter);
    }

    public ReadOnlySpan<float> GetEmbedding(int sequence)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        return !_limits.IsPooled || _limits.Ranking
            ? throw new ArgumentException(
                $"Sequence {sequence} has no embedding: the context computes none. Create one with ContextOptions.Embeddings.", nameof(sequence))
            : PooledOf(sequence, _model.Info.EmbeddingLength);
    }

    public float GetScore(int sequence)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        return _limits.Ranking && _model.RankOutput is { } output
            ? PooledOf(sequence, output + 1)[output]
            : throw new ArgumentException(
                $"Sequence {sequence} has no score: the context computes none. Create one with ContextOptions.Ranking.", nameof(sequence));
    }

    public int GetSequenceLength(int sequence)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        return _sequences[sequence].Length;
    }

    public void RemoveSequence(int sequence, int start = 0, int end = -1)
    {
        CheckSequence(sequence, nameof(sequence));
        int last = CheckRange(start, end);
        using Occupancy occupancy = Enter();
        if (_handle.HasMemory && !_handle.RemoveSequence(sequence, start, end))
        {
            throw LlamaErrors.NoPartialRemoval(_model.Info.Architecture, nameof(start));
        }

        _sequences.Remove(sequence, start, last);
    }

    public void CopySequence(int source, int destination, int start = 0, int end = -1)
    {
        CheckSequence(source, nameof(source));
        CheckSequence(destination, nameof(destination));
        int last = CheckRange(start, end);
        if (source == destination)
        {
            throw new ArgumentException("A sequence cannot be copied to itself.", nameof(destination));
        }

        using Occupancy occupancy = Enter();
        if (_limits.Streams > 1)
        {
            // llama.cpp asserts that such a copy is of the whole sequence.
            throw new ArgumentException("Each sequence has cells of its own: save its state, and load that into the other.", nameof(source));
        }

        List<PositionRange> ranges = _sequences.CheckCopy(source, destination, start, last);
        if (_handle.HasMemory)
        {
            _handle.CopySequence(source, destination, start, end);
        }

        _sequences.Copy(source, destination, ranges);
    }

    public void ShiftSequence(int sequence, int start, int end, int delta)
    {
        CheckSequence(sequence, nameof(sequence));
        int last = CheckRange(start, end);
        using Occupancy occupancy = Enter();
        if (!_handle.HasMemory || !_limits.CanSplit || !_handle.CanShift)
        {
            throw LlamaErrors.NoShift(_model.Info.Architecture, _limits.IsPooled, nameof(sequence));
        }

        List<PositionRange> moved = _sequences.CheckShift(sequence, start, last, delta, _limits.PositionLimit);
        if (delta != 0 && moved.Count > 0)
        {
            _handle.ShiftSequence(sequence, start, end, delta);
            _sequences.Shift(sequence, moved, delta);
        }
    }

    public long GetStateSize(int sequence)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        CheckHasStates();
        return _states.SizeOf(sequence);
    }

    public int SaveState(int sequence, Span<byte> destination)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        CheckHasStates();
        ApplyShiftOf(sequence);
        return _states.Save(sequence, destination);
    }

    public int[] SaveStates(int sequence, IReadOnlyList<KvStateRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        CheckHasStates();
        foreach (KvStateRun run in runs)
        {
            if (run.Start < 0 || run.Start >= run.End
                || _sequences[sequence].Within(run.Start, run.End) is not [var held] || held != new PositionRange(run.Start, run.End))
            {
                throw new ArgumentException($"Sequence {sequence} does not hold all positions from {run.Start} to before {run.End}.", nameof(runs));
            }
        }

        ApplyShiftOf(sequence);
        return _states.Save(sequence, runs);
    }

    public void LoadState(int sequence, ReadOnlySpan<byte> state)
    {
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        CheckHasStates();
        _states.Load(sequence, state);
    }

    public void LoadStates(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        CheckSequence(sequence, nameof(sequence));
        using Occupancy occupancy = Enter();
        CheckHasStates();
        _states.Load(sequence, states);
    }

    public void Dispose()
    {
        _handle.Dispose();
        _buffer.Dispose();
    }

    private int Compute(TokenBatch batch, CancellationToken cancellationToken)
    {
        using HandleUse use = _buffer.Use();
        batch.Sequences.CopyTo(new Span<int>(_buffer.Sequences, BatchSize));
        _handle.Cancellation = cancellationToken;
        LlamaLog.ExpectAbort(cancellationToken);
        try
        {
            fixed (int* tokens = batch.Tokens, positions = batch.Positions)
            fixed (bool* outputs = batch.Outputs)
            {
                sbyte* wanted = _limits.IsPooled ? _buffer.AllOutputs : (sbyte*)outputs;
                return _handle.Decode(batch.Count, tokens, positions, _buffer.Counts, _buffer.Pointers, wanted);
            }
        }
        finally
        {
            _handle.Cancellation = default;
            LlamaLog.ExpectAbort(default);
        }
    }

    private DecodeResult Conclude(TokenBatch batch, int code)
    {
        _rowCount = 0;
        switch (code)
        {
            case 0:
                RememberOutputs(batch);
                if (_limits.IsPooled)
                {
                    DropCells();
                }
                else
                {
                    foreach (int sequence in batch.Sequences)
                    {
                        _sequences[sequence].Append(1);
                    }
                }

                return DecodeResult.Done;
            case LlamaConstants.DecodeNoKvSlot:
                return DecodeResult.KvCacheFull;
            case LlamaConstants.DecodeAborted:
                TakeOver(batch);
                return DecodeResult.Aborted;
            default:
                TakeOver(batch);
                throw LlamaErrors.DecodeFailed(code);
        }
    }

    private void RememberOutputs(TokenBatch batch)
    {
        batch.Outputs.CopyTo(_outputRows);
        _rowCount = batch.Count;
    }

    // After a failure, part of the batch may be in the KV cache. The lengths that llama.cpp reports are then the right ones.
    private void TakeOver(TokenBatch batch)
    {
        if (_limits.IsPooled)
        {
            DropCells();
            return;
        }

        foreach (int sequence in batch.Sequences)
        {
            int length = _handle.GetLastPosition(sequence) + 1;
            int known = _sequences[sequence].Length;
            if (length > known)
            {
                _sequences[sequence].Append(length - known);
            }
        }
    }

    // Embeddings are computed from whole texts, so the cells of one batch are of no use to the next.
    private void DropCells()
    {
        if (_handle.HasMemory)
        {
            _handle.Clear(data: false);
        }
    }

    // Without this, the saved positions would be the new ones, but the keys still those of the old positions.
    private void ApplyShiftOf(int sequence)
    {
        if (_sequences.IsShiftPending(sequence))
        {
            ApplyShifts();
        }
    }

    /// <summary>
    /// Applies pending shifts to the keys. llama.cpp does so at the start of any decode. So it is enough to decode one token into the
    /// spare sequence, or after a sequence that is shifted, even if no cell is free for it. Logits of the last batch are then lost.
    /// </summary>
    private void ApplyShifts()
    {
        if (!_sequences.AnyShiftPending)
        {
            return;
        }

        _rowCount = 0;
        int sequence = _limits.SpareSequence ?? _sequences.FirstShiftPending;
        int position = _limits.SpareSequence is null ? _sequences[sequence].Length : 0;
        int token = 0;
        sbyte output = 0;
        using HandleUse use = _buffer.Use();
        *_buffer.Sequences = sequence;
        int code = _handle.Decode(1, &token, &position, _buffer.Counts, _buffer.Pointers, &output);
        _handle.RemoveSequence(sequence, position, -1);
        if (code is not (0 or LlamaConstants.DecodeNoKvSlot))
        {
            throw LlamaErrors.DecodeFailed(code);
        }

        _sequences.ShiftsApplied();
    }

    private ReadOnlySpan<float> PooledOf(int sequence, int length)
    {
        float* numbers = _handle.GetEmbedding(sequence);
        if (numbers == null)
            throw new ArgumentException($"The last batch has no token of sequence {sequence}.", nameof(sequence));
        var result = new ReadOnlySpan<float>(numbers, length);

        // What is not finite stays in the cells, and would spoil the texts that get them next.
        if (_handle.HasMemory && !TensorPrimitives.IsFiniteAll(result))
            _handle.Clear(data: true);
        return result;
    }

    private LlamaSampler OwnSampler(ISampler sampler)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        return sampler is LlamaSampler own && own.Model == _model
            ? own : throw new ArgumentException("The sampler was created by another model.", nameof(sampler));
    }

    private Span<float> LogitsOf(int row)
    {
        if (_limits.IsPooled)
        {
            throw new ArgumentException(
                $"Row {row} has no logits: the context computes embeddings or scores. Create one without ContextOptions.Embeddings and Ranking.", nameof(row));
        }

        if (row < 0 || row >= _rowCount || !_outputRows[row])
        {
            throw new ArgumentException(
                _rowCount == 0
                    ? "There are no logits: no batch was decoded, or the last decode did not complete."
                    : $"Row {row} of the last batch asked for no output, or does not exist (the batch had {_rowCount} rows).",
                nameof(row));
        }

        float* logits = _handle.GetLogits(row);
        return logits != null
            ? new Span<float>(logits, _model.Info.VocabularySize)
            : throw new ArgumentException($"llama.cpp has no logits for row {row}.", nameof(row));
    }

    private void CheckSequence(int sequence, string name)
    {
        if (sequence < 0 || sequence >= MaxSequences)
        {
            throw new ArgumentOutOfRangeException(
                name, sequence, $"The context has {MaxSequences} sequences: their ids run from 0 to {MaxSequences - 1}.");
        }
    }

    // Returns one past the last position. llama.cpp takes a negative end for "to the end".
    private static int CheckRange(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, -1);
        if (end != -1)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        }

        return end == -1 ? int.MaxValue : end;
    }

    private void CheckHasStates()
    {
        if (!_handle.HasMemory || _limits.IsPooled)
        {
            throw LlamaErrors.NoState(_model.Info.Architecture, _limits.IsPooled, "sequence");
        }
    }

    private Occupancy Enter()
    {
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            throw LlamaErrors.UsedByTwoThreads();
        }

        try
        {
            return new Occupancy(this, _handle.Use());
        }
        catch
        {
            Volatile.Write(ref _busy, 0);
            throw;
        }
    }

    /// <summary>Reserves the context for one call.</summary>
    private readonly ref struct Occupancy(LlamaContext context, HandleUse use)
    {
        private readonly HandleUse _use = use;

        public void Dispose()
        {
            _use.Dispose();
            Volatile.Write(ref context._busy, 0);
        }
    }
}
