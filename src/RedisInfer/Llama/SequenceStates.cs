using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>
/// Saves and loads the KV states of a context's sequences. Outside of the context, a state has one stream of cells, however many the
/// context has. The context's owner calls it, with all arguments checked and no shift pending.
/// </summary>
internal sealed unsafe class SequenceStates(
    BoundContext handle, ContextLimits limits, SequenceTable sequences, string architecture)
{
    // Holds the state of a whole sequence, in llama.cpp's form. Kept, because the system provides a page at its first touch.
    private byte[] _buffer = [];

    /// <summary>Bytes of a sequence's state.</summary>
    internal long SizeOf(int sequence) =>
        handle.GetStateSize(sequence) - ((limits.Streams - 1L) * sizeof(int));

    /// <summary>Saves a sequence.</summary>
    /// <returns>Bytes written.</returns>
    internal int Save(int sequence, Span<byte> destination)
    {
        if (limits.Streams > 1)
        {
            ReadOnlySpan<byte> whole = Read(sequence, out KvStateIndex index);
            CheckRoom(KvStateParts.SizeOfJoined([index], streams: 1), destination.Length);
            return KvStateParts.Join([_buffer.AsMemory(0, whole.Length)], [index], streams: 1, destination, out _);
        }

        int written = ReadTo(sequence, destination);

        // Models with a memory other than attention write other layouts, which Load could not check.
        KvStateParts.RemoveSequenceId(destination, Index(destination[..written]));
        return written;
    }

    /// <summary>Saves runs of positions.</summary>
    /// <returns>Bytes written for each run.</returns>
    internal int[] Save(int sequence, IReadOnlyList<KvStateRun> runs)
    {
        if (limits.SpareSequence is { } spare)
        {
            return [.. runs.Select(run => SaveThrough(spare, sequence, run))];
        }

        ReadOnlySpan<byte> whole = Read(sequence, out KvStateIndex index);
        int[] written = new int[runs.Count];
        for (int i = 0; i < written.Length; i++)
        {
            KvStateRun run = runs[i];
            CheckRoom(KvStateParts.SizeOf(index, run.End - run.Start), run.Memory.Length);
            written[i] = KvStateParts.Cut(whole, index, run.Start, run.End, run.Memory.Span);
            if (written[i] == 0)
            {
                throw LlamaErrors.NoState(architecture, isPooled: false, nameof(sequence));
            }
        }

        return written;
    }

    /// <summary>Replaces a sequence with a state.</summary>
    internal void Load(int sequence, ReadOnlySpan<byte> state)
    {
        if (limits.Streams > 1)
        {
            Load(sequence, [state.ToArray()]);
            return;
        }

        Empty(sequence);
        var positions = new SequencePositions();
        if (Check(state, positions, checkNumbers: true, out _) is { } problem)
        {
            throw LlamaErrors.StateCorrupt(problem);
        }

        try
        {
            Set(sequence, state);
        }
        catch
        {
            Empty(sequence);
            throw;
        }

        Hold(sequence, positions);
    }

    /// <summary>Replaces a sequence with states that follow each other.</summary>
    internal void Load(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states)
    {
        Empty(sequence);
        var positions = new SequencePositions();
        var indexes = new List<KvStateIndex>(states.Count);
        foreach (ReadOnlyMemory<byte> state in states)
        {
            // If they are joined, the numbers are checked then.
            string? problem = Check(state.Span, positions, checkNumbers: limits.SpareSequence is not null, out KvStateIndex index);
            if (problem is null && indexes.Count > 0 && !KvStateIndex.HaveSameShape(states[0].Span, indexes[0], state.Span, index))
            {
                problem = "its parts are of different models or settings";
            }

            if (problem is not null)
            {
                throw LlamaErrors.StateCorrupt(problem);
            }

            indexes.Add(index);
        }

        try
        {
            LoadChecked(sequence, states, indexes);
        }
        catch
        {
            Empty(sequence);
            throw;
        }

        Hold(sequence, positions);
    }

    private void Hold(int sequence, SequencePositions positions)
    {
        foreach (PositionRange range in positions.Ranges)
        {
            sequences[sequence].Add(range);
        }
    }

    private void LoadChecked(int sequence, IReadOnlyList<ReadOnlyMemory<byte>> states, List<KvStateIndex> indexes)
    {
        if (limits.SpareSequence is { } spare)
        {
            foreach (ReadOnlyMemory<byte> state in states)
            {
                try
                {
                    Set(spare, state.Span);
                    handle.CopySequence(spare, sequence, -1, -1);
                }
                finally
                {
                    handle.RemoveSequence(spare, -1, -1);
                }
            }
        }
        else if (states.Count > 0)
        {
            long bytes = KvStateParts.SizeOfJoined(indexes, limits.Streams);
            if (bytes > Array.MaxLength)
            {
                throw LlamaErrors.StateCorrupt($"its parts have {bytes} bytes together");
            }

            Grow(bytes);
            int written = KvStateParts.Join(states, indexes, limits.Streams, _buffer, out bool areFinite);
            if (!areFinite)
            {
                throw LlamaErrors.StateCorrupt("its keys and values are not all finite numbers");
            }

            Set(sequence, _buffer.AsSpan(0, written));
        }
    }

    private int SaveThrough(int spare, int sequence, KvStateRun run)
    {
        try
        {
            handle.CopySequence(sequence, spare, run.Start, run.End);
            int written = ReadTo(spare, run.Memory.Span);
            KvStateParts.RemoveSequenceId(run.Memory.Span, Index(run.Memory.Span[..written]));
            return written;
        }
        finally
        {
            handle.RemoveSequence(spare, -1, -1);
        }
    }

    /// <summary>Reads the state of a sequence, in llama.cpp's form, into the buffer.</summary>
    private ReadOnlySpan<byte> Read(int sequence, out KvStateIndex index)
    {
        Grow(handle.GetStateSize(sequence));
        ReadOnlySpan<byte> whole = _buffer.AsSpan(0, ReadTo(sequence, _buffer));
        index = Index(whole);
        return whole;
    }

    private int ReadTo(int sequence, Span<byte> destination)
    {
        CheckRoom(handle.GetStateSize(sequence), destination.Length);
        fixed (byte* target = destination)
        {
            return (int)handle.SaveState(sequence, target, destination.Length);
        }
    }

    // What the engine has computed may be saved even if it is not finite: loading refuses it.
    private KvStateIndex Index(ReadOnlySpan<byte> state)
    {
        string? problem = KvStateLayout.Check(
            state,
            limits.Streams,
            limits.SequenceLength,
            limits.PositionLimit,
            new SequencePositions(),
            checkNumbers: false,
            out KvStateIndex index);
        return problem is null ? index : throw LlamaErrors.NoState(architecture, isPooled: false, "sequence");
    }

    private string? Check(ReadOnlySpan<byte> state, SequencePositions positions, bool checkNumbers, out KvStateIndex index) =>
        KvStateLayout.Check(state, streams: 1, limits.SequenceLength, limits.PositionLimit, positions, checkNumbers, out index);

    private void Set(int sequence, ReadOnlySpan<byte> state)
    {
        LlamaLog.StartCapture();
        long read;
        fixed (byte* source = state)
        {
            read = handle.LoadState(sequence, source, state.Length);
        }

        string log = LlamaLog.EndCapture();
        if (read != state.Length)
        {
            throw LlamaErrors.StateCorrupt(log.Length > 0 ? log : $"llama.cpp read {read} of its {state.Length} bytes");
        }
    }

    private void Empty(int sequence)
    {
        handle.RemoveSequence(sequence, -1, -1);
        sequences.Remove(sequence, 0, int.MaxValue);
    }

    private void Grow(long bytes)
    {
        if (bytes > _buffer.Length)
        {
            _buffer = [];
            _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(bytes + (bytes / 4), Array.MaxLength), pinned: true);
        }
    }

    private static void CheckRoom(long needed, int available)
    {
        if (needed > available)
        {
            throw new ArgumentException($"The KV state takes {needed} bytes, but the destination has room for {available}.");
        }
    }
}
