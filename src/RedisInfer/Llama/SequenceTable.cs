namespace RedisInfer.Llama;

/// <summary>
/// Tracks what each sequence holds in the KV cache. llama.cpp checks little of what it is asked, and these give wrong answers silently:
/// <list type="bullet">
/// <item>positions that collide;</item>
/// <item>a shift of cells that two sequences share;</item>
/// <item>a KV state saved while a shift is pending.</item>
/// </list>
/// </summary>
internal sealed class SequenceTable
{
    private readonly SequencePositions[] _positions;

    // Whether the keys of a sequence must still be rotated to new positions. llama.cpp does it at the next decode.
    private readonly bool[] _shiftPending;

    // Whether two sequences may share cells: one was copied to the other, and neither was emptied since.
    private readonly bool[] _shares;

    internal SequenceTable(int count)
    {
        Count = count;
        _positions = new SequencePositions[count];
        for (int i = 0; i < count; i++)
        {
            _positions[i] = new SequencePositions();
        }

        _shiftPending = new bool[count];
        _shares = new bool[count * count];
    }

    /// <summary>Number of sequences.</summary>
    internal int Count { get; }

    /// <summary>Whether any sequence has a pending shift.</summary>
    internal bool AnyShiftPending => Array.IndexOf(_shiftPending, true) >= 0;

    /// <summary>The positions of a sequence.</summary>
    internal SequencePositions this[int sequence] => _positions[sequence];

    /// <summary>Whether a sequence has a pending shift.</summary>
    internal bool IsShiftPending(int sequence) => _shiftPending[sequence];

    /// <summary>Records that all pending shifts have been applied.</summary>
    internal void ShiftsApplied() => Array.Clear(_shiftPending);

    /// <summary>Removes positions of a sequence.</summary>
    internal void Remove(int sequence, int start, int end)
    {
        _positions[sequence].Remove(start, end);
        if (_positions[sequence].IsEmpty)
        {
            Forget(sequence);
        }
    }

    /// <summary>Returns the ranges that a copy would add to the destination.</summary>
    /// <exception cref="ArgumentException">The destination already holds some of these positions.</exception>
    internal List<PositionRange> CheckCopy(int source, int destination, int start, int end)
    {
        List<PositionRange> ranges = _positions[source].Within(start, end);
        foreach (PositionRange range in ranges)
        {
            if (_positions[destination].Overlaps(range))
            {
                throw new ArgumentException(
                    $"Sequence {destination} already holds some of the positions {range.Start} to {range.End - 1}. Remove them first.",
                    nameof(destination));
            }
        }

        return ranges;
    }

    /// <summary>Records a copy.</summary>
    internal void Copy(int source, int destination, List<PositionRange> ranges)
    {
        foreach (PositionRange range in ranges)
        {
            _positions[destination].Add(range);
        }

        if (ranges.Count == 0)
        {
            return;
        }

        _shiftPending[destination] |= _shiftPending[source];
        for (int other = 0; other < Count; other++)
        {
            if (other != destination && (other == source || Shares(source, other)))
            {
                _shares[other * Count + destination] = _shares[destination * Count + other] = true;
            }
        }
    }

    /// <summary>Returns the ranges that a shift would move.</summary>
    /// <exception cref="ArgumentException">
    /// The shift would move positions below 0, beyond the limit, or onto other positions of the sequence. Or the sequence shares cells with
    /// another one.
    /// </exception>
    internal List<PositionRange> CheckShift(int sequence, int start, int end, int delta, int positionLimit)
    {
        List<PositionRange> moved = _positions[sequence].Within(start, end);
        if (moved.Count == 0)
        {
            return moved;
        }

        if ((long)moved[0].Start + delta < 0 || (long)moved[^1].End + delta > positionLimit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(delta), delta, $"Positions {moved[0].Start} to {moved[^1].End - 1} would leave the range from 0 to {positionLimit - 1}.");
        }

        foreach (PositionRange range in moved)
        {
            var target = new PositionRange(range.Start + delta, range.End + delta);
            foreach (PositionRange own in _positions[sequence].Ranges)
            {
                // Positions that stay are below or above the moved part.
                bool meetsBelow = Math.Max(own.Start, target.Start) < Math.Min(Math.Min(own.End, start), target.End);
                bool meetsAbove = Math.Max(Math.Max(own.Start, end), target.Start) < Math.Min(own.End, target.End);
                if (meetsBelow || meetsAbove)
                {
                    throw new ArgumentException(
                        $"Sequence {sequence} already holds some of the positions {target.Start} to {target.End - 1}. Remove them first.",
                        nameof(delta));
                }
            }
        }

        for (int other = 0; other < Count; other++)
        {
            if (Shares(sequence, other))
            {
                throw new ArgumentException(
                    $"Sequence {sequence} shares cells with sequence {other}, which would be moved as well. "
                    + "Shift before copying, or remove one of them.",
                    nameof(sequence));
            }
        }

        return moved;
    }

    /// <summary>Records a shift.</summary>
    internal void Shift(int sequence, List<PositionRange> moved, int delta)
    {
        foreach (PositionRange range in moved)
        {
            _positions[sequence].Remove(range.Start, range.End);
        }

        foreach (PositionRange range in moved)
        {
            _positions[sequence].Add(new PositionRange(range.Start + delta, range.End + delta));
        }

        _shiftPending[sequence] |= moved.Count > 0;
    }

    private bool Shares(int a, int b) => _shares[a * Count + b];

    private void Forget(int sequence)
    {
        _shiftPending[sequence] = false;
        for (int other = 0; other < Count; other++)
        {
            _shares[other * Count + sequence] = _shares[sequence * Count + other] = false;
        }
    }
}
